"""Reports as mail servers write them, about a mail with a given Message-ID. Addresses are made up; the forms are real."""

from __future__ import annotations

HEADERS = """Received: from brief.example.org by mx.example.net; Mon, 23 Nov 2026 06:30:01 +0000
From: Takefive <brief@takefive.example>
To: {to}
Subject: Five from today
Message-ID: {message_id}
"""

POSTFIX = """Return-Path: <>
From: MAILER-DAEMON@mx.example.net (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
To: brief@takefive.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="9F1BD2009E.1700720000/mx.example.net"

This is a MIME-encapsulated message.

--9F1BD2009E.1700720000/mx.example.net
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.net.

I'm sorry to have to inform you that your message could not
be delivered to one or more recipients. It's attached below.

<{to}>: host mail.example.net[192.0.2.7] said: {said} (in reply to RCPT TO command)

--9F1BD2009E.1700720000/mx.example.net
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net
X-Postfix-Queue-ID: 9F1BD2009E
X-Postfix-Sender: rfc822; brief@takefive.example
Arrival-Date: Mon, 23 Nov 2026 06:30:01 +0000 (UTC)

Final-Recipient: rfc822; {to}
Original-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.example.net
Diagnostic-Code: smtp; {said}

--9F1BD2009E.1700720000/mx.example.net
Content-Description: Undelivered Message
Content-Type: message/rfc822

{headers}
The mail's own words.

--9F1BD2009E.1700720000/mx.example.net--
"""

EXCHANGE = """From: <postmaster@example.net>
To: <brief@takefive.example>
Subject: Undeliverable: Five from today
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: multipart/alternative; differences=Content-Type; boundary="b2"

--b2
Content-Type: text/plain; charset="us-ascii"

Your message to {to} couldn't be delivered.

--b2
Content-Type: text/html; charset="us-ascii"

<p>Your message to {to} couldn't be delivered.</p>

--b2--
--b1
Content-Type: message/delivery-status

Reporting-MTA: dns;EX01.example.net

Final-Recipient: rfc822;{to}
Action: {action}
Status: {status}
Diagnostic-Code: smtp;{said}

--b1
Content-Type: text/rfc822-headers

{headers}
--b1--
"""

COMPLAINT = """From: <abusedesk@example.com>
Date: Mon, 23 Nov 2026 17:40:36 EDT
Subject: FW: Five from today
To: <brief@takefive.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report;
     boundary="part1_13d.2e68ed54_boundary"

--part1_13d.2e68ed54_boundary
Content-Type: text/plain; charset="US-ASCII"
Content-Transfer-Encoding: 7bit

This is an email abuse report for an email message received from IP
192.0.2.1 on Mon, 23 Nov 2026 14:00:00 EDT.
For more information about this format please see
http://www.mipassoc.org/arf/.

--part1_13d.2e68ed54_boundary
Content-Type: message/feedback-report

Feedback-Type: {feedback}
User-Agent: SomeGenerator/1.0
Version: 1
Original-Mail-From: <brief@takefive.example>
Arrival-Date: Mon, 23 Nov 2026 14:00:00 EDT
Source-IP: 192.0.2.1
Reported-Domain: takefive.example

--part1_13d.2e68ed54_boundary
Content-Type: message/rfc822
Content-Disposition: inline

{headers}
The mail's own words.

--part1_13d.2e68ed54_boundary--
"""


def bounce(
    message_id: str, *, form: str = POSTFIX, status: str = "5.1.1", said: str = "550 5.1.1 No such user", **fields: str
) -> bytes:
    """A delivery report; `form` is one of the above."""
    told = {"to": "you@example.org", "action": "failed", "status": status, "said": said} | fields
    return _crlf(form.format(headers=HEADERS.format(message_id=message_id, to=told["to"]), **told))


def complaint(message_id: str, feedback: str = "abuse") -> bytes:
    """A complaint of a feedback loop, which leaves the reader's address out."""
    return _crlf(COMPLAINT.format(headers=HEADERS.format(message_id=message_id, to="redacted"), feedback=feedback))


def _crlf(words: str) -> bytes:
    return words.replace("\n", "\r\n").encode()
