"""What a reader agrees to. The words are stored with the time, so that it stays provable to what (GDPR, Art. 7)."""

CONSENT = (
    "Send me Takefive’s brief by mail, once a day at the most, chosen by the interests that I give. "
    "I can stop it at any time with the link in every mail."
)
