// Narrows every list to one team's services. It stands in the address, so a copied link keeps it.
import { useNavigate, useRouterState, useSearch } from "@tanstack/react-router";
import { Users } from "lucide-react";
import { Choice } from "../../components/choice";
import { useAsk } from "../../host/queries";

const everyTeam = "every team";
const narrowed = ["/environments", "/compare", "/promotions"] as const;

export function TeamChoice() {
  const navigate = useNavigate();
  const estate = useAsk("estate_view", {});
  const path = useRouterState({ select: (state) => state.location.pathname });
  const { team }: { team?: string } = useSearch({ strict: false });
  const counts = new Map<string, number>();
  for (const service of estate.data?.services ?? []) counts.set(service.team, (counts.get(service.team) ?? 0) + 1);
  const options = [
    { id: everyTeam, label: "All teams" },
    ...[...counts].toSorted(([a], [b]) => a.localeCompare(b)).map(([name, count]) => ({ id: name, label: name, detail: String(count) })),
  ];
  return (
    <Choice
      label="Team"
      className="team"
      icon={<Users className="icon" aria-hidden />}
      value={team ?? everyTeam}
      options={options}
      onChange={(value) => void navigate({
        to: narrowed.find((place) => place === path) ?? "/environments",
        search: (before) => ({ ...before, team: value === everyTeam ? undefined : value }),
      })}
    />
  );
}
