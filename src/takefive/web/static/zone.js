"use strict";
document.getElementById("zone").value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
