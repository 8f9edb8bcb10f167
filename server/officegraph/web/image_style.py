"""What images look like in the dark, and what lets that very text through the Content-Security-Policy."""

from __future__ import annotations

import base64
import hashlib
from typing import Final

IMAGE_STYLE: Final = (
    "@media (prefers-color-scheme:dark){"
    ".back{fill:#0f1317}.panel{fill:#161b21;stroke:#2c343d}.edge{stroke:#6d7783}"
    ".box{fill:#1b2128;stroke:#6d7783}.ext{fill:#161b21}.label{fill:#e7eaee}.title{fill:#a6aeb8}"
    ".focus{fill:#7cc8e0}.name{fill:#08222b}}"
)
"""The style sheet within images. It is there, and not a file, since an image may load none."""

IMAGE_STYLE_SOURCE: Final = f"'sha256-{base64.b64encode(hashlib.sha256(IMAGE_STYLE.encode()).digest()).decode()}'"
"""The source expression that allows this text and no other (Content Security Policy Level 3, section 2.3.1)."""
