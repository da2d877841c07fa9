"""`develop`: makes a development installation in one step: keys, database, accounts, store and kiosk. Only in that profile.

Does nothing that the other commands do not do; it signs in as the development accounts that it has made. Running it again changes
nothing but what is missing.
"""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyotp

from server_stub.app import compose
from server_stub.cli.database import migrate
from server_stub.cli.device import enrol
from server_stub.cli.output import Exit, Printer
from server_stub.cli.sign_in import DEVELOPMENT_MARK
from server_stub.cli.wording import Wording
from server_stub.domain.actors import Role
from server_stub.domain.campaigns.campaign_file import parse_campaigns
from server_stub.domain.refusals import Refusal
from server_stub.domain.rewards.catalogue_file import parse_catalogue
from server_stub.keys.authority import DEVICE_CERTIFICATE, Authority
from server_stub.keys.durable import read_private, write_durably
from server_stub.keys.folder import INDEX_NAME, KeyFolder, KeyKind
from server_stub.services.device_registry import NewDevice
from server_stub.services.staff_accounts import BOOTSTRAP, NewAccount, Proof
from server_stub.services.staff_credentials import STEP_S

if TYPE_CHECKING:
    import argparse

    from server_stub.app import Composition
    from server_stub.config import ServiceSettings
    from server_stub.domain.actors import Actor

ACCOUNTS_FILE = "development-accounts.json"
# Shipped with the source, not with an installed package: without it there is no catalogue to begin with.
_SAMPLES = Path(__file__).parents[2] / "deploy"
SAMPLE_REWARDS = _SAMPLES / "rewards.sample.toml"
SAMPLE_CAMPAIGNS = _SAMPLES / "campaigns.sample.toml"
_ADMINISTRATOR = "dev-admin"
_MANAGER = "dev-qian"
STEP = timedelta(seconds=STEP_S)
_ACCOUNTS: tuple[tuple[str, str, frozenset[Role]], ...] = (
    (_ADMINISTRATOR, "开发管理员", frozenset({Role.ADMINISTRATOR})),
    ("dev-lin", "开发审核员 林", frozenset({Role.REVIEWER, Role.STORE_STAFF})),
    ("dev-zhao", "开发审核员 赵", frozenset({Role.REVIEWER, Role.STORE_STAFF})),
    (_MANAGER, "开发经理 钱", frozenset({Role.MANAGER})),
    ("dev-sun", "开发经理 孙", frozenset({Role.MANAGER})),
    ("dev-zhou", "开发营销 周", frozenset({Role.MARKETING})),
    ("dev-wu", "开发客服 吴", frozenset({Role.CUSTOMER_SERVICE})),
)
_DEVICE = NewDevice("K03", "自助服务机 03", b"", "S001", "湖滨店", "330102")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser], shared: argparse.ArgumentParser) -> None:
    """Adds the command."""
    parser = commands.add_parser("develop", parents=[shared], help="development only: make keys, database, accounts, store and one kiosk")
    parser.add_argument("--kiosk-dir", type=Path, default=Path("out/kiosk/identity"), help="folder for the kiosk's files")
    parser.add_argument("--server-name", action="append", help="host name or IP address of the service; may be repeated")
    parser.set_defaults(run=_develop)


def _develop(settings: ServiceSettings, arguments: argparse.Namespace, printer: Printer) -> Exit:
    if not settings.is_development:
        printer.fault("refused", "develop: only in the development profile", Wording().reason_for_programs("DEVELOPMENT_ONLY"))
        return Exit.REFUSED
    _make_keys(settings, arguments.server_name)
    migrate(settings)
    parts = compose(settings)
    try:
        setup = _Setup(parts)
        setup.open_accounts()
        if not (arguments.kiosk_dir / DEVICE_CERTIFICATE).exists():
            enrol(parts, setup.administrator(), _DEVICE, arguments.kiosk_dir)
            parts.begin_programme()
            setup.load_samples()
    finally:
        parts.close()
    printer.marked(DEVELOPMENT_MARK).record(
        {
            "database": settings.database_shown,
            "keys": str(settings.keys_folder),
            "accounts": str(_accounts_file(settings)),
            "kiosk": str(arguments.kiosk_dir),
        }
    )
    return Exit.GOOD


def _make_keys(settings: ServiceSettings, server_names: list[str] | None) -> None:
    if not (settings.keys_folder / INDEX_NAME).exists():
        KeyFolder.create(settings.keys_folder, settings.profile)
        if server_names:
            Authority.create(settings.keys_folder, settings.profile, server_names)
        else:
            Authority.create(settings.keys_folder, settings.profile)
        return
    folder = KeyFolder.open(settings.keys_folder, settings.profile)
    for kind in KeyKind:
        # A kind that this version needs and the one that made the folder did not know.
        folder = folder if folder.entries(kind) else folder.rotated(kind)


class _Setup:
    """Opens what is missing; signs in once, and only where something is missing."""

    def __init__(self, parts: Composition) -> None:
        self._parts = parts
        self._path = _accounts_file(parts.settings)
        self._accounts: dict[str, Any] = json.loads(read_private(self._path)) if self._path.exists() else {}
        self._actor: Actor | None = None

    def open_accounts(self) -> None:
        """Opens the accounts and keeps passphrase and TOTP secret of each in the accounts file."""
        for name, display_name, roles in _ACCOUNTS:
            if name in self._accounts:
                continue
            passphrase = secrets.token_urlsafe(18)
            actor: Actor = BOOTSTRAP if self._parts.staff.is_empty() else self.administrator()
            store = _DEVICE.store_id if Role.STORE_STAFF in roles else ""
            account = NewAccount(name, display_name, roles, passphrase, is_development=True, store_id=store)
            secret = self._parts.staff.open(actor, account)
            self._accounts[name] = {"passphrase": passphrase, "totp_secret": secret.totp_secret, "roles": sorted(roles)}
            write_durably(self._path, json.dumps(self._accounts, ensure_ascii=False, indent=1).encode())

    def load_samples(self) -> None:
        """Loads the samples of rewards and campaigns, so that a kiosk has something to show; later changes of them stay as they are."""
        if not (SAMPLE_REWARDS.exists() and SAMPLE_CAMPAIGNS.exists()):
            return
        manager = self._sign_in(_MANAGER)
        self._parts.core.rewards.catalogue.load(manager, parse_catalogue(SAMPLE_REWARDS.read_bytes(), is_json=False))
        self._parts.core.campaigns.desk.load(manager, parse_campaigns(SAMPLE_CAMPAIGNS.read_bytes(), is_json=False))

    def administrator(self) -> Actor:
        """Returns the development administrator, signed in.

        Raises:
            Refusal: the codes of this minute are used up; again in half a minute.
        """
        if self._actor is None:
            self._actor = self._sign_in(_ADMINISTRATOR)
        return self._actor

    def _sign_in(self, name: str) -> Actor:
        mine = self._accounts[name]
        totp, now = pyotp.TOTP(mine["totp_secret"]), self._parts.foundation.clock.now()
        for step in (-1, 0):
            try:
                return self._parts.staff.sign_in(Proof(name, mine["passphrase"], totp.at(now + step * STEP))).actor
            except Refusal:
                # The step was used by an earlier run; the next one may be free.
                continue
        return self._parts.staff.sign_in(Proof(name, mine["passphrase"], totp.at(now + STEP))).actor


def _accounts_file(settings: ServiceSettings) -> Path:
    return settings.data_dir / ACCOUNTS_FILE
