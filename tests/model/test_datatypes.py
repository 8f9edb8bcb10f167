"""Lexical spaces of the XSD datatypes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from officegraph.model.datatypes import is_well_typed
from officegraph.model.namespaces import RDF, XSD

GOOD = {
    "boolean": ["true", "false", "0", "1"],
    "integer": ["0", "-0", "+014", "123456789012345678901234567890"],
    "decimal": ["1.50", "-.5", "1.", "+0"],
    "double": ["1e6", "-1.5E-3", "INF", "-INF", "+INF", "NaN", "1"],
    "float": ["3.14"],
    "byte": ["127", "-128", "+0000000127"],
    "unsignedByte": ["255", "-0"],
    "positiveInteger": ["1"],
    "nonPositiveInteger": ["0", "-7"],
    "unsignedLong": ["18446744073709551615"],
    "date": ["2026-01-15", "2024-02-29", "2000-02-29Z", "-0004-02-29", "12024-02-29", "2026-01-15+14:00"],
    "time": ["24:00:00", "23:59:59.999-05:00"],
    "dateTime": ["2026-01-15T12:00:00", "2026-01-15T24:00:00Z"],
    "dateTimeStamp": ["2026-01-15T12:00:00Z"],
    "gYear": ["2026", "-0001", "12026"],
    "gYearMonth": ["2026-12"],
    "gMonth": ["--12"],
    "gMonthDay": ["--02-29"],
    "gDay": ["---31"],
    "duration": ["P1Y2M3DT4H5M6.7S", "-P1D", "PT0S"],
    "dayTimeDuration": ["P1DT1H"],
    "yearMonthDuration": ["P1Y2M", "-P3M"],
    "hexBinary": ["", "0aFF"],
    "base64Binary": ["", "TWFu", "TWE=", "TQ==", "T W F u"],
    "language": ["en-GB"],
    "anyURI": ["anything goes", ""],
    "string": [" a "],
}
BAD = {
    "boolean": ["TRUE", "yes", "", " true"],
    "integer": ["1.0", "", "1e3", "one", " 1 ", "\u0661"],
    "decimal": ["1e3", ".", "", "1,5"],
    "double": ["inf", "1e", "Infinity"],
    "byte": ["128", "-129"],
    "unsignedByte": ["256", "-1"],
    "positiveInteger": ["0", "-1"],
    "negativeInteger": ["0"],
    "nonPositiveInteger": ["1"],
    "long": ["9" * 5000],
    "date": ["2026-02-29", "2026-13-01", "2026-1-1", "15.1.2026", "1900-02-29", "02026-01-01", "2026-01-15+15:00"],
    "time": ["24:00:01", "12:60:00", "12:00"],
    "dateTime": ["2026-01-15", "2026-01-15 12:00:00", "2026-02-30T12:00:00"],
    "dateTimeStamp": ["2026-01-15T12:00:00"],
    "gYear": ["26", "2026-01"],
    "gMonthDay": ["--02-30", "--04-31"],
    "gDay": ["---32"],
    "duration": ["P", "PT", "P1S", "1D", "-P"],
    "dayTimeDuration": ["P1Y"],
    "yearMonthDuration": ["P1D", "P"],
    "hexBinary": ["0", "xy"],
    "base64Binary": ["T", "TWF", "TR=="],
    "language": ["en_GB", "", "abcdefghi"],
}


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in GOOD.items() for text in texts])
def test_forms_of_the_lexical_space_are_well_typed(name, text):
    assert is_well_typed(text, XSD[name].value) is True


@pytest.mark.parametrize(("name", "text"), [(name, text) for name, texts in BAD.items() for text in texts])
def test_other_forms_are_ill_typed(name, text):
    assert is_well_typed(text, XSD[name].value) is False


def test_unknown_datatypes_are_left_alone():
    assert is_well_typed("x", "https://example.org/datatype") is None
    assert is_well_typed("x", RDF.HTML.value) is None
    assert is_well_typed("x", RDF.langString.value) is True


@given(st.dates())
def test_every_date_is_well_typed(date):
    assert is_well_typed(date.isoformat(), XSD.date.value)


@given(st.integers())
def test_every_integer_is_well_typed(number):
    assert is_well_typed(str(number), XSD.integer.value)
    assert is_well_typed(str(number), XSD.long.value) == (-(2**63) <= number < 2**63)


@given(st.floats())
def test_every_double_is_well_typed(number):
    text = str(number).replace("inf", "INF").replace("nan", "NaN")
    assert is_well_typed(text, XSD.double.value)
