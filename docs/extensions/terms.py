"""`{terms}` becomes the whole glossary of the program: a section a topic, and in it one a term."""

from docutils import nodes
from docutils.nodes import Element
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from explorer.learn.glossary import TOPICS
from explorer.learn.term import Term
from explorer.ui.try_it import TRIED


class Terms(SphinxDirective):
    """Without arguments: all topics."""

    def run(self) -> list[nodes.Node]:
        return [
            self._section(topic, [self._section(term.name, _told(term)) for term in terms])
            for topic, terms in TOPICS.items()
        ]

    def _section(self, title: str, parts: list[Element]) -> nodes.section:
        section = nodes.section("", nodes.title(title, title), *parts, names=[title.casefold()])
        self.state.document.note_implicit_target(section, section)
        return section


def _told(term: Term) -> list[Element]:
    """The parts of a term's section, in the order of the program's page."""
    facts = {
        "Where": term.where, "Cost": term.cost, "Usual mistake": term.mistake,
        "Source": term.source, "Also": ", ".join(term.also),
        "Try it": f"page {TRIED[term.page][1]}" if term.page else "",
    }  # fmt: skip
    fields = [
        nodes.field("", nodes.field_name("", name), nodes.field_body("", nodes.paragraph("", text)))
        for name, text in facts.items()
        if text
    ]
    formula = [nodes.math_block(term.formula, term.formula)] if term.formula else []
    return [nodes.paragraph("", term.meaning), *formula, nodes.field_list("", *fields)]


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("terms", Terms)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
