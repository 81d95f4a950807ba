"""Objects and tables as text."""

import pytest

from cluster_engine.kubectl.errors import KubectlError
from cluster_engine.kubectl.printers import columns, go_template
from cluster_engine.kubectl.printers.sorting import sort_objects
from cluster_engine.kubectl.printers.tables import TablePrinter, age_of
from cluster_engine.kubectl.printers.tabs import TabWriter
from cluster_engine.kubectl.printers.yaml_text import to_yaml

POD = {
    "apiVersion": "v1",
    "kind": "Pod",
    "metadata": {"name": "web", "labels": {"app": "web", "tier": "front"}},
    "spec": {"containers": [{"name": "a", "image": "nginx"}, {"name": "b"}], "priority": 3},
}


class TestTabs:
    def test_cells_share_the_width_of_their_neighbours(self):
        tabs = TabWriter(minimum=0, padding=2)
        tabs.line("NAME", "AGE")
        tabs.line("a-long-name", "5s")
        tabs.line("no cells")
        tabs.line("x", "1s")
        assert tabs.flush() == "NAME         AGE\na-long-name  5s\nno cells\nx  1s\n"

    def test_widths_grow_from_one_flush_to_the_next(self):
        tabs = TabWriter(remembers=True)
        tabs.line("a-long-name", "1")
        assert tabs.flush() == "a-long-name   1\n"
        tabs.line("x", "2")
        assert tabs.flush() == "x             2\n"

    def test_nothing_written_is_nothing_shown(self):
        assert TabWriter().flush() == ""


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [1, {"c": "x", "d": None}]}, "a:\n- 1\n- c: x\n  d: null\nb: 1\n"),
        ({"a": {}, "b": []}, "a: {}\nb: []\n"),
        ({"a": "true", "b": "1", "c": "~", "d": ""}, 'a: "true"\nb: "1"\nc: "~"\nd: ""\n'),
        ({"a": "on", "b": "0x1f", "c": "2020-01-01"}, 'a: "on"\nb: "0x1f"\nc: "2020-01-01"\n'),
        ({"a": "two\nlines\n"}, "a: |\n  two\n  lines\n"),
        ({"a": "two\nlines"}, "a: |-\n  two\n  lines\n"),
        ({"a": "x: y", "b": "# c", "c": "-"}, "a: 'x: y'\nb: '# c'\nc: '-'\n"),
        ({"a": 1.5, "b": True}, "a: 1.5\nb: true\n"),
    ],
)
def test_yaml(value, text):
    assert to_yaml(value) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("{{.metadata.name}}", "web"),
        ("{{range .spec.containers}}{{.name}} {{end}}", "a b "),
        ("{{range $i, $c := .spec.containers}}{{$i}}={{$c.name}};{{end}}", "0=a;1=b;"),
        ("{{if .spec.nope}}yes{{else}}no{{end}}", "no"),
        ("{{len .spec.containers}}", "2"),
        ('{{index .metadata.labels "app"}}', "web"),
        ("{{with .metadata}}{{.name}}{{end}}", "web"),
        ('{{printf "%s-%v" .metadata.name .spec.priority}}', "web-3"),
        ("{{ .metadata.name | len -}} x", "3x"),
        ("{{.spec.nope}}", "<no value>"),
        ("{{and true .metadata.name}}{{not true}}{{eq 3 3}}", "webfalsetrue"),
        ('{{/* a note */}}{{"\\n"}}', "\n"),
    ],
)
def test_go_templates(template, text):
    assert go_template.render(template, POD, allows_missing=True) == text


@pytest.mark.parametrize("template", ["{{", "{{range .x}}", "{{nope 1}}", "{{.a.b.c"])
def test_broken_go_templates_are_refused(template):
    with pytest.raises(go_template.TemplateError):
        go_template.render(template, POD, allows_missing=True)


class TestColumns:
    def test_values_and_what_is_missing(self):
        printer = columns.from_spec("NAME:.metadata.name,IMG:.spec.containers[*].image,X:.nope")
        assert printer.print(POD) == "NAME   IMG     X\nweb    nginx   <none>\n"

    def test_the_header_comes_once(self):
        printer = columns.from_spec("N:{.metadata.name}")
        assert printer.print(POD) + printer.print(POD) == "N\nweb\nweb\n"

    def test_a_file_of_two_lines(self):
        assert (
            columns.from_template("A  B\nmetadata.name kind").print(POD) == "A     B\nweb   Pod\n"
        )

    @pytest.mark.parametrize("spec", ["", "NAME", "NAME:{.a"])
    def test_refusals(self, spec):
        with pytest.raises(KubectlError):
            columns.from_spec(spec).print(POD)


class TestTables:
    TABLE = {
        "kind": "Table",
        "columnDefinitions": [
            {"name": "Name", "type": "string", "format": "name"},
            {"name": "Ready", "type": "string"},
            {"name": "IP", "type": "string", "priority": 1},
        ],
        "rows": [{"cells": ["web", "1/1", "10.0.0.1"], "object": {"metadata": POD["metadata"]}}],
    }

    def test_wide_columns_are_left_out(self):
        assert TablePrinter().print(self.TABLE, 0) == "NAME   READY\nweb    1/1\n"

    def test_wide_columns_with_labels(self):
        printer = TablePrinter(is_wide=True, shows_labels=True, label_columns=["tier"])
        assert printer.print(self.TABLE, 0) == (
            "NAME   READY   IP         TIER    LABELS\n"
            "web    1/1     10.0.0.1   front   app=web,tier=front\n"
        )

    def test_cells_end_at_a_line_break_and_cannot_move_the_cursor(self):
        rows = [{"cells": ["a\nb", "\x1b[2J", ""]}]
        text = TablePrinter(has_headers=False).print({**self.TABLE, "rows": rows}, 0)
        assert text == "a...   ^[[2J\n"

    def test_other_objects_have_name_and_age(self):
        obj = {"metadata": {"name": "x", "creationTimestamp": "1970-01-01T00:00:00Z"}}
        assert TablePrinter().print(obj, 65_000) == "NAME   AGE\nx      65s\n"

    def test_no_time_is_an_unknown_age(self):
        assert age_of(None, 0) == "<unknown>"


def test_objects_are_sorted_by_a_path():
    pods = [
        {"metadata": {"name": name}, "spec": {"n": n}}
        for name, n in (("a", 10), ("b", 9), ("c", 1))
    ]
    found = sort_objects(pods, "{.spec.n}")
    assert [pod["metadata"]["name"] for pod in found] == ["c", "b", "a"]
