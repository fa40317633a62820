"""Documents: what may be uploaded, who sees them, and how they are listed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from api.auth.principal import LOCAL, ForbiddenError, NotFoundError
from api.errors import UploadTooLargeError
from api.service import Service
from api.services import documents
from api.services.incoming import Incoming
from api.services.paging import PageRequest
from corpora.errors import DuibiaoError, EmptyDocumentError, UnsupportedFormatError, UsageError
from tests.service import People, incoming, note

SYLLABUS = "网店运营_课程标准.docx"


def test_an_upload_is_kept(service: Service) -> None:
    """Its row tells name, size, owner and file; its bytes are a blob."""
    file = incoming(SYLLABUS)
    document = documents.upload(service, LOCAL, [file], kind="syllabus")
    assert (document.name, document.kind, document.size) == (SYLLABUS, "syllabus", len(file.data))
    assert (document.owner.login, document.department) == ("local", None)
    assert [(f.role, f.name) for f in document.files] == [("main", SYLLABUS)]
    assert service.store.blobs.read(document.files[0].sha256) == file.data
    assert documents.find_document(service, LOCAL, document.id).sha256 == document.sha256


def test_a_plan_of_several_files_keeps_their_order(service: Service) -> None:
    """The main file first, then the others and the rules; all their bytes are kept."""
    files = [
        incoming("直播电商专业_人才培养方案.docx"),
        incoming("直播电商专业_教学进程表.xlsx", "more"),
        incoming("rules-example.yaml", "rules"),
    ]
    document = documents.upload(service, LOCAL, files, major=" 直播电商 ")
    assert [file.role for file in document.files] == ["main", "more", "rules"]
    assert (document.major, document.name) == ("直播电商", "直播电商专业_人才培养方案.docx")
    assert [service.store.blobs.read(file.sha256) for file in document.files] == [file.data for file in files]


def test_the_digest_tells_documents_apart(service: Service) -> None:
    """Same bytes same digest, whatever the name; other files, another one."""
    one = documents.upload(service, LOCAL, [note("甲")])
    two = documents.upload(service, LOCAL, [note("甲", "另一个名字.md")])
    more = documents.upload(service, LOCAL, [note("甲"), incoming("b.md", "more", b"# b")])
    assert one.id != two.id
    assert one.sha256 == two.sha256 != more.sha256


@pytest.mark.parametrize(
    ("files", "options", "error", "what"),
    [
        ([], {}, UsageError, "一次上传一份文档"),
        ([note("a"), note("b")], {}, UsageError, "一次上传一份文档"),
        ([incoming("a.md", "more", b"x")], {}, UsageError, "一次上传一份文档"),
        ([note("a")], {"kind": "novel"}, UsageError, "不认识文档类型“novel”"),
        ([note("a")], {"kind": "syllabus", "major": "电子商务"}, UsageError, "只用于人才培养方案"),
        ([note("a"), incoming("b.md", "more", b"x")], {"kind": "textbook"}, UsageError, "只用于人才培养方案"),
        ([incoming("a.docx", data=b"")], {}, EmptyDocumentError, "文件是空的"),
        ([incoming("a.exe", data=b"MZ")], {}, UnsupportedFormatError, "不支持的文件格式 .exe"),
        ([incoming("a.zip", data=b"PK")], {}, UnsupportedFormatError, "不支持的文件格式 .zip"),
        ([note("a"), incoming("b.docx", "rules", b"x")], {}, UnsupportedFormatError, "不支持的文件格式 .docx"),
        ([incoming("a.md", data=b"x" * (3 << 20))], {}, UploadTooLargeError, "文件超过 2 MB"),
        ([note("a")], {"department_id": "nowhere"}, NotFoundError, "没有这个院系"),
        ([note("a")], {"previous_id": "nothing"}, NotFoundError, "上一版"),
    ],
)
def test_what_cannot_be_is_refused(
    service: Service, files: list[Incoming], options: dict[str, str], error: type[DuibiaoError], what: str
) -> None:
    """With what is wrong and what to do; no row is made of it."""
    limits = replace(service.settings.service, upload_mb=2)
    small = replace(service, settings=replace(service.settings, service=limits))
    with pytest.raises(error, match=what) as caught:
        documents.upload(small, LOCAL, files, **options)  # type: ignore[arg-type]
    assert caught.value.advice
    assert documents.list_documents(small, LOCAL, PageRequest()).items == []


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("../../etc/passwd.md", "passwd.md"),
        ("C:\\教案\\网店\u202e运营.md", "网店运营.md"),
        ("a\x00b\n.md", "ab .md"),
        ("e\u0301.md", "\u00e9.md"),
        ("长" * 400 + ".md", "长" * 197 + ".md"),
    ],
)
def test_names_are_names_only(service: Service, sent: str, kept: str) -> None:
    """No folders, no control or direction marks, of bounded length, composed characters."""
    document = documents.upload(service, LOCAL, [note("甲", sent)])
    assert document.name == document.files[0].name == kept


def test_departments(service: Service, people: People) -> None:
    """Users upload into their department without being asked, and into no other; admins into any."""
    assert documents.upload(service, people.teacher, [note("甲")]).department_id == people.department
    assert documents.upload(service, people.admin, [note("甲")]).department_id is None
    assert documents.upload(service, people.admin, [note("甲")], department_id=people.elsewhere).department is not None
    for wanted in (people.elsewhere, "nowhere"):
        with pytest.raises(ForbiddenError):
            documents.upload(service, people.teacher, [note("甲")], department_id=wanted)


def test_who_sees_what(service: Service, people: People) -> None:
    """Teachers their own, reviewers and auditors their departments', admins all; lists and single reads agree."""
    mine = documents.upload(service, people.teacher, [note("甲")])
    theirs = documents.upload(service, people.stranger, [note("乙")])
    nobodys = documents.upload(service, people.admin, [note("丙")])
    expected = {
        "teacher": {mine.id},
        "colleague": set(),
        "reviewer": {mine.id},
        "auditor": {mine.id},
        "stranger": {theirs.id},
        "foreign_reviewer": {theirs.id},
        "admin": {mine.id, theirs.id, nobodys.id},
    }
    for principal in people:
        found = {d.id for d in documents.list_documents(service, principal, PageRequest()).items}
        assert found == expected[principal.login], principal.login
        for document in (mine, theirs, nobodys):
            if document.id in found:
                assert documents.find_document(service, principal, document.id).id == document.id
            else:
                with pytest.raises(NotFoundError):
                    documents.find_document(service, principal, document.id)


def test_a_new_version_names_the_one_before(service: Service, people: People) -> None:
    """Only one that the user may know of; when that is deleted the new one stays."""
    old = documents.upload(service, people.teacher, [note("旧")])
    new = documents.upload(service, people.teacher, [note("新")], previous_id=old.id)
    assert new.previous_id == old.id
    with pytest.raises(NotFoundError):
        documents.upload(service, people.stranger, [note("新")], previous_id=old.id)
    documents.delete_document(service, people.teacher, old.id)
    assert documents.find_document(service, people.teacher, new.id).previous_id is None


def test_lists_come_in_pages(service: Service) -> None:
    """Newest first, each document once, whatever the size of a page; an unknown end is no error."""
    sent = [documents.upload(service, LOCAL, [note(str(n), f"{n}.md")]).id for n in range(7)]
    for limit in (1, 3, 7, 8):
        found: list[str] = []
        after = ""
        while True:
            page = documents.list_documents(service, LOCAL, PageRequest(limit, after))
            assert len(page.items) <= limit
            found += [document.id for document in page.items]
            after = page.next
            if not after:
                break
        assert found == sent[::-1]
    assert documents.list_documents(service, LOCAL, PageRequest(5, "0")).items == []


def test_lists_are_searched(service: Service, people: People) -> None:
    """By a part of the name in any case, signs of patterns included, and by department."""
    for name in ("网店运营.md", "网店100%.md", "SEO_推广.md"):
        documents.upload(service, people.teacher, [note(name, name)])
    documents.upload(service, people.admin, [note("x", "别处.md")], department_id=people.elsewhere)

    def found(text: str = "", department: str | None = None) -> set[str]:
        page = documents.list_documents(service, people.admin, PageRequest(), text=text, department_id=department)
        return {document.name for document in page.items}

    assert found("网店") == {"网店运营.md", "网店100%.md"}
    assert found("0%") == {"网店100%.md"}
    assert found("seo_") == {"SEO_推广.md"}
    assert found("_") == {"SEO_推广.md"}
    assert found(department=people.elsewhere) == {"别处.md"}
    assert found("网店", people.elsewhere) == set()
