"""What there is: every command under what a person wants to do, and the topics of the help."""

from __future__ import annotations

from typing import Any

from typer.core import TyperGroup

# Under what a person wants: for each command its group, its name, and its function as module.function. Help lists them in this order. A
# module is imported when one of its commands is asked for: a search should not wait for what makes packs and pictures.
SECTIONS: dict[str, tuple[tuple[str, str, str], ...]] = {
    "Find out": (
        ("", "search", "find.search_command"),
        ("", "show", "find.show_command"),
        ("", "list", "find.list_command"),
        ("", "pick", "pick.pick_command"),
        ("", "answer", "find.answer_command"),
        ("", "routes", "choice.routes_command"),
        ("", "compare", "find.compare_command"),
    ),
    "Put it before others": (
        ("", "brief", "papers.brief_command"),
        ("", "cite", "papers.cite_command"),
        ("", "timeline", "charts.timeline_command"),
        ("", "stats", "charts.stats_command"),
    ),
    "Cookies and your own records": (
        ("consent", "list", "consent.list_command"),
        ("consent", "explain", "consent.explain_command"),
        ("consent", "map", "consent.map_command"),
        ("consent", "classify", "cookies.classify_command"),
        ("consent", "audit", "cookies.audit_command"),
        ("consent", "table", "cookies.table_command"),
        ("consent", "export", "cookies.export_command"),
        ("library", "add", "own.add_command"),
        ("library", "edit", "own.edit_command"),
        ("library", "remove", "own.remove_command"),
        ("library", "where", "library.where_command"),
        ("library", "validate", "library.validate_command"),
        ("library", "import", "library.import_command"),
        ("library", "export", "library.export_command"),
    ),
    "Help, and other programs": (
        ("", "help", "helping.help_command"),
        ("", "completion", "helping.completion_command"),
        ("", "schema", "schema.schema_command"),
        ("", "mcp", "serving.mcp_command"),
    ),
}
COMMANDS = tuple(command for section in SECTIONS.values() for command in section)
GROUPS = {
    "consent": "Consent (cookie) categories, and the cookies of your site.",
    "library": "Your own records, beside those that come with p2p.",
}


class Contents(TyperGroup):
    """A group whose help lists its commands with all they say of themselves, the top one under SECTIONS and with the topics."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        names = self.list_commands(ctx)
        sections = {"Commands": names} if ctx.parent else {heading: _names(commands) for heading, commands in SECTIONS.items()}
        # All columns begin at the same place.
        widest = max(map(len, [*names, *(_topics() if not ctx.parent else ())]))
        for heading, listed in sections.items():
            rows = [(name.ljust(widest), self.commands[name].get_short_help_str(10_000)) for name in listed if name in self.commands]
            with formatter.section(heading):
                formatter.write_dl(rows)
        if not ctx.parent:
            with formatter.section("Topics (p2p help TOPIC)"):
                formatter.write_dl([(name.ljust(widest), summary) for name, summary in _topics().items()])


def _names(commands: tuple[tuple[str, str, str], ...]) -> list[str]:
    return list(dict.fromkeys(group or name for group, name, _ in commands))


def _topics() -> dict[str, str]:
    # Imported here: only help needs it.
    from p2p_toolkit import store

    return {topic.name: topic.summary for topic in store.read_topics()}
