"""A workbook behind a password, as LibreOffice saves it: by a macro, for its command line has no such switch."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_MACRO = """Sub Keep
On Error Goto Fail
Dim hidden(0) As New com.sun.star.beans.PropertyValue
hidden(0).Name = "Hidden"
hidden(0).Value = True
doc = StarDesktop.loadComponentFromURL("private:factory/scalc", "_blank", 0, hidden())
doc.Sheets.getByIndex(0).getCellByPosition(0, 0).String = "Tên đề án"
Dim kept(1) As New com.sun.star.beans.PropertyValue
kept(0).Name = "FilterName"
kept(0).Value = Environ("KEEP_FILTER")
kept(1).Name = "Password"
kept(1).Value = "mật khẩu"
If Environ("KEEP_CRYPTO") &lt;&gt; "" Then
Dim secret(1) As New com.sun.star.beans.NamedValue
secret(0).Name = "CryptoType"
secret(0).Value = Environ("KEEP_CRYPTO")
secret(1).Name = "OOXPassword"
secret(1).Value = "mật khẩu"
kept(1).Name = "EncryptionData"
kept(1).Value = secret()
End If
doc.storeToURL(Environ("KEEP_AS"), kept())
doc.close(True)
Fail:
End Sub"""
_LIBRARY = "http://openoffice.org/2000/library"
_PARTS = {
    "script.xlc": f'<library:libraries xmlns:library="{_LIBRARY}"><library:library library:name="Standard"'
    ' library:link="false"/></library:libraries>',
    "Standard/script.xlb": f'<library:library xmlns:library="{_LIBRARY}" library:name="Standard"'
    ' library:readonly="false" library:passwordprotected="false"><library:element library:name="Module1"/>'
    "</library:library>",
    "Standard/Module1.xba": '<script:module xmlns:script="http://openoffice.org/2000/script" script:name="Module1"'
    f' script:language="StarBasic">{_MACRO}</script:module>',
}


def locked_workbook(libreoffice: str, folder: Path, kept_filter: str, crypto: str = "") -> bytes:
    """``crypto``: how an .xlsx is encrypted, as LibreOffice calls it."""
    basic, target = folder / "profile" / "user" / "basic", folder / "locked"
    command = [libreoffice, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--norestore"]
    first = [*command, "--terminate_after_init"]  # a profile gets its libraries when it is made, over what stood there
    subprocess.run(first, check=True, capture_output=True, timeout=120)
    for name, text in _PARTS.items():
        (basic / name).write_text(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', encoding="utf-8")
    said = {"KEEP_AS": f"file://{target}", "KEEP_FILTER": kept_filter, "KEEP_CRYPTO": crypto}
    command.append("macro:///Standard.Module1.Keep")
    subprocess.run(command, check=True, capture_output=True, timeout=120, env={**os.environ, **said})
    return target.read_bytes()
