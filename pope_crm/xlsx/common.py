"""What all workbooks need."""

import re


def sheet_names(names):
    """Names that a workbook accepts: 31 characters at most, some signs forbidden, no two alike."""
    result = []
    for name in names:
        clean = re.sub(r"[\[\]:*?/\\]", " ", name).strip("' ")[:31] or "1"
        serial = 2
        while clean.lower() in [other.lower() for other in result]:
            clean = f"{clean[:28]} {serial}"
            serial += 1
        result.append(clean)
    return result
