"""`make sbom`: the bill of materials, as CycloneDX JSON, on standard output."""

import sys
import tomllib

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

from supply.packages import ROOT, Package, shipped


def bill(packages: list[Package]) -> Bom:
    """One component for each, and what needs what."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    bom, licences = Bom(), LicenseFactory()
    bom.metadata.component = bot = Component(
        name=project["name"],
        version=project["version"],
        type=ComponentType.APPLICATION,
        licenses=[licences.make_from_string(project["license"])],
        bom_ref=project["name"],
    )
    parts = {each.locked.name: _component(each, licences) for each in packages}
    bom.components.update(parts.values())
    bom.register_dependency(bot, parts.values())
    for each in packages:
        bom.register_dependency(parts[each.locked.name], [parts[name] for name in each.needs])
    return bom


def _component(package: Package, licences: LicenseFactory) -> Component:
    name, version = package.locked.name, package.locked.version
    return Component(
        name=name,
        version=version,
        type=ComponentType.LIBRARY,
        purl=PackageURL("pypi", None, name, version),
        bom_ref=f"{name}@{version}",
        hashes=[
            HashType(alg=HashAlgorithm.SHA_256, content=each) for each in package.locked.hashes
        ],
        licenses=[licences.make_from_string(package.licence)],
    )


def written() -> str:
    return str(JsonV1Dot6(bill(shipped())).output_as_string(indent=2)) + "\n"


if __name__ == "__main__":
    sys.stdout.write(written())
