"""The command that helps to choose a lawful route."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import typer

from p2p_toolkit import api, render
from p2p_toolkit.cli.ask import ask
from p2p_toolkit.cli.options import Request, command
from p2p_toolkit.cli.talk import can_ask
from p2p_toolkit.evidence import choice
from p2p_toolkit.evidence.choice import UNKNOWN

YES_NO = ("yes", "no", UNKNOWN)
NATIONS = ("england", "wales", "scotland", "northern-ireland", UNKNOWN)


def _one_of(answers: tuple[str, ...]) -> Callable[[str], list[str]]:
    def complete(incomplete: str) -> list[str]:
        return [answer for answer in answers if answer.startswith(incomplete.lower())]

    return complete


def _yes_no(option: str, help: str) -> Any:
    return typer.Option(option, help=help, metavar="yes|no", autocompletion=_one_of(YES_NO))


@command()
def routes_command(
    request: Request,
    nation: Annotated[
        str,
        typer.Option("--nation", help="england, wales, scotland or northern-ireland.", metavar="NATION", autocompletion=_one_of(NATIONS)),
    ] = "",
    paid: Annotated[str, _yes_no("--paid", "Is something supplied to the public body for payment?")] = "",
    public_only: Annotated[str, _yes_no("--public-only", "Are all partners public bodies?")] = "",
    health: Annotated[str, _yes_no("--health", "Is it mainly health care for people?")] = "",
    contract_running: Annotated[str, _yes_no("--contract-running", "Does a provider have a contract for it already?")] = "",
    same_again: Annotated[
        str, _yes_no("--same-again", "Is it ending, does its provider do well, and would the next be much like it?")
    ] = "",
    placement: Annotated[str, _yes_no("--placement", "Is it for one particular person?")] = "",
    below_threshold: Annotated[str, _yes_no("--below-threshold", "Is its value below the threshold?")] = "",
    listed_service: Annotated[str, _yes_no("--listed-service", "Is it a listed service to people (light touch)?")] = "",
    need_clear: Annotated[str, _yes_no("--need-clear", "Can you describe what you need?")] = "",
    full: Annotated[bool, typer.Option("--full", help="Show what each offered route asks, with its legal basis.")] = False,
) -> None:
    """Choose among the lawful routes.

    On a terminal it asks what the options leave open. What is unknown rules nothing out; you may also answer unknown. With -q it prints
    what is offered, and asks nothing.

    \b
    Example:
      p2p routes --nation england --paid yes --public-only no --health no
    """
    library = request.open()
    given = {
        "nation": nation, "paid": paid, "public-only": public_only, "health": health,
        "contract-running": contract_running, "same-again": same_again, "placement": placement,
        "below-threshold": below_threshold, "listed-service": listed_service, "need-clear": need_clear,
    }  # fmt: skip
    answers = choice.settled(library, given)
    if can_ask(request.view):
        answers = ask(library, answers)
    ids_only = request.view.quiet and request.view.format == render.TABLE
    states = (choice.OFFERED,) if ids_only else choice.STATES
    render.emit(api.routes(library, answers, full=full, states=states), request.view)
