from datetime import date
from pathlib import Path

import pytest
from pypdf import PdfWriter

from tools.domain.errors import BadInput, StoreFault
from tools.playbooks.company import CompanyDocuments, document_of

ON = date(2026, 11, 23)
HTML = """<html><head><title>T</title><style>p {color: red}</style></head><body><nav>Menu</nav>
<h1>Tagging policy</h1><p>Every resource carries an <b>owner</b>.</p><h2>Exceptions</h2>
<ul><li>Sandboxes, for 30 days.</li></ul>
<table><tr><th>Tag</th><th>Needed</th></tr><tr><td>owner</td><td>yes</td></tr></table>
<script>alert(1)</script></body></html>"""


@pytest.fixture
def documents(tmp_path: Path) -> CompanyDocuments:
    return CompanyDocuments(tmp_path / "knowledge")


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def pdf_with(text: str) -> bytes:
    """A page of one line, as small as a PDF can be."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode("latin-1")
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    data, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = b"trailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % len(data)
    return data + b"xref\n0 6\n0000000000 65535 f \n" + table + trailer


def test_a_folder_is_added_by_paths_below_it_and_added_again_replaces(
    tmp_path: Path, documents: CompanyDocuments
) -> None:
    written(tmp_path / "policies" / "eu" / "tagging.md", "# Tagging\n\nEvery resource carries an owner.")
    written(tmp_path / "policies" / "spend.txt", "Spend above the limit needs an approval.")
    assert documents.add([tmp_path / "policies"], on=ON).added == ("spend.txt", "eu/tagging.md")
    written(tmp_path / "policies" / "spend.txt", "Spend above the new limit needs two approvals.")
    again = documents.add([tmp_path / "policies"], on=ON)
    assert (again.added, again.replaced, again.unchanged) == ((), ("spend.txt",), ("eu/tagging.md",))
    assert [kept.name for kept in documents.kept()] == ["eu/tagging.md", "spend.txt"]
    assert "two approvals" in documents.kept()[1].text


def test_html_is_read_without_scripts_menus_and_styles(tmp_path: Path, documents: CompanyDocuments) -> None:
    documents.add([written(tmp_path / "tagging.html", HTML)], on=ON)
    document = document_of(documents.kept()[0])
    assert [section.heading for section in document.sections] == ["Tagging policy", "Exceptions"]
    assert document.sections[1].text == "- Sandboxes, for 30 days.\n\nTag | Needed\n\nowner | yes"
    assert "alert" not in documents.kept()[0].text


def test_pdf_text_is_read_page_by_page(tmp_path: Path, documents: CompanyDocuments) -> None:
    (tmp_path / "policy.pdf").write_bytes(pdf_with("GPU requests above eight cards need an approval."))
    documents.add([tmp_path / "policy.pdf"], on=ON)
    (section,) = document_of(documents.kept()[0]).sections
    assert (section.file, section.heading) == ("company/policy.pdf", "Page 1")
    assert section.text == "GPU requests above eight cards need an approval."


def _empty_pdf(path: Path) -> None:
    writer = PdfWriter()
    writer.add_blank_page(width=72, height=72)
    writer.write(path)


def test_bad_input_is_refused_with_the_reason_and_nothing_is_half_added(
    tmp_path: Path, documents: CompanyDocuments
) -> None:
    good = written(tmp_path / "good.md", "# Good\n\nA policy that could be added.")
    (tmp_path / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    _empty_pdf(tmp_path / "scan.pdf")
    (tmp_path / "latin.txt").write_bytes("Prüfung der Ausgaben je Team und Monat".encode("latin-1"))
    written(tmp_path / "table.xlsx", "not read")
    written(tmp_path / "empty.md", "# Only\n\n## Headings\n\n### And no more words than these")
    (tmp_path / "folder").mkdir()
    refused = {
        "broken.pdf": "can't be read as PDF|no text to search",
        "scan.pdf": "no text to search",
        "latin.txt": "not UTF-8",
        "table.xlsx": r"one of \.md, \.markdown, \.txt",
        "empty.md": "nothing under them",
        "folder": "holds no file ending in",
        "absent.md": "is not there",
    }
    for name, reason in refused.items():
        with pytest.raises(BadInput, match=reason):
            documents.add([good, tmp_path / name], on=ON)
        assert documents.kept() == ()


def test_two_files_of_one_name_in_one_call_are_refused(tmp_path: Path, documents: CompanyDocuments) -> None:
    one = written(tmp_path / "a" / "policy.md", "# One\n\nThe first of the policies.")
    two = written(tmp_path / "b" / "policy.md", "# Two\n\nThe second of the policies.")
    with pytest.raises(BadInput, match="would both be called policy"):
        documents.add([one, two], on=ON)


def test_a_name_that_is_not_there_can_not_be_removed(tmp_path: Path, documents: CompanyDocuments) -> None:
    with pytest.raises(BadInput, match="no documents yet"):
        documents.remove("policy.md")
    documents.add([written(tmp_path / "policy.md", "# P\n\nThe text of the policy.")], on=ON)
    with pytest.raises(BadInput, match=r"there are policy\.md"):
        documents.remove("polic.md")
    documents.remove("policy.md")
    assert documents.kept() == ()


def test_a_damaged_file_of_documents_is_reported_not_overwritten(tmp_path: Path, documents: CompanyDocuments) -> None:
    written(tmp_path / "knowledge" / "documents.json", "{half")
    with pytest.raises(StoreFault, match="damaged"):
        documents.add([written(tmp_path / "policy.md", "# P\n\nThe text of the policy.")], on=ON)
    assert (tmp_path / "knowledge" / "documents.json").read_text() == "{half"
