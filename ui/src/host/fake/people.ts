// Four people, known to every system under names of their own.
import type { IdentityView, PersonView, SystemIdentityView } from "../../contract";
import { scene } from "./scene";

export const people: PersonView[] = [
  { id: "s.lara", name: "Sofía Lara", role: "developer" },
  { id: "d.mora", name: "Diego Mora", role: "lead" },
  { id: "a.ruiz", name: "Ana Ruiz", role: "release manager" },
  { id: "l.prado", name: "Luis Prado", role: "release manager" },
];

export const nameOf = (id: string) => people.find((person) => person.id === id)?.name ?? id;

const accounts: [string, string][] = [["dev", "111111111111"], ["qa", "222222222222"], ["prod", "333333333333"]];

export function identityOf(person: PersonView): IdentityView {
  const mismatch = scene() === "mismatch";
  const role = person.role === "release manager" ? "InterlockRelease" : "InterlockRead";
  const identities: SystemIdentityView[] = accounts.map(([environment, account]) => ({
    system: `AWS ${environment}`,
    name: `arn:aws:sts::${account}:assumed-role/${role}/${person.id}`,
    tone: "ok",
    detail: `known as ${person.name}`,
  }));
  identities.push(
    mismatch
      ? { system: "Jenkins", name: "l.prado", tone: "waiting", detail: "known as Luis Prado, not as the person of the other systems" }
      : { system: "Jenkins", name: person.id, tone: "ok", detail: `known as ${person.name}` },
    { system: "SonarQube", name: person.id, tone: "ok", detail: `known as ${person.name}` },
    { system: "GitLab", name: person.id.replace(".", ""), tone: "ok", detail: `known as ${person.name}` },
  );
  return {
    person: mismatch ? null : person.id,
    name: mismatch ? "unknown person" : person.name,
    role: mismatch ? "none" : person.role,
    identities,
    mismatch: mismatch
      ? `AWS, SonarQube and GitLab say ${person.name}, Jenkins says Luis Prado. Nothing can be approved or started until they agree.`
      : null,
  };
}
