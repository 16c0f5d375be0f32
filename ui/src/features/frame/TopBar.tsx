// Estate, search, freshness of every source, refresh, identity, theme.
import { useNavigate, useSearch } from "@tanstack/react-router";
import { Building2, Moon, RefreshCw, Search, Sun, User, X } from "lucide-react";
import { Button, Dialog, DialogTrigger, Menu, MenuItem, MenuTrigger, Popover } from "react-aria-components";
import type { OverviewView } from "../../contract";
import { setPreferences, usePreferences } from "../../components/preferences";
import { Ago } from "../../components/time";
import { toneWords, ToneIcon } from "../../components/tone";
import { useAct, useAsk } from "../../host/queries";
import type { Progress } from "./Frame";

export function TopBar({ progress, openPalette }: { progress: Progress | null; openPalette: () => void }) {
  const estate = useAsk("estate_view", {});
  const overview = useAsk("overview_view", {});
  const refresh = useAct("overview_refresh");
  const cancel = useAct("overview_cancel");
  const { theme } = usePreferences();
  const busy = refresh.isPending || (overview.data?.refreshing ?? false);
  const teams = [...new Set(estate.data?.services.map((service) => service.team) ?? [])].sort();
  return (
    <>
      <span className="box" title={estate.data?.file}>
        <Building2 className="icon" aria-hidden />{estate.data?.name ?? "No estate"}
        {estate.data?.practice && <span className="chip tone-waiting">practice</span>}
      </span>
      <TeamFilter teams={teams} />
      <Button className="box search-box" onPress={openPalette}>
        <Search className="icon" aria-hidden /><span className="ellipsis">Find service, promotion, action</span>
        <span className="right"><kbd>/</kbd> <kbd>Ctrl K</kbd></span>
      </Button>
      <span className="grow" />
      {overview.data && <Sources overview={overview.data} />}
      {busy ? (
        <Button className="btn" onPress={() => cancel.mutate({})}>
          <X className="icon" aria-hidden />{progress ? `${progress.done} of ${progress.total}` : "Cancel"}
          <span className="sr">, cancel the refresh</span>
        </Button>
      ) : (
        <Button className="btn icon-only" aria-label="Refresh" onPress={() => refresh.mutate({})}>
          <RefreshCw className="icon" aria-hidden />
        </Button>
      )}
      <span className="sr" role="status">{progress ? `Refreshing: ${progress.last}` : ""}</span>
      <Button
        className="btn icon-only"
        aria-label={theme === "dark" ? "Light theme" : "Dark theme"}
        onPress={() => setPreferences({ theme: theme === "dark" ? "light" : "dark" })}
      >
        {theme === "dark" ? <Sun className="icon" aria-hidden /> : <Moon className="icon" aria-hidden />}
      </Button>
      <Identity />
    </>
  );
}

function TeamFilter({ teams }: { teams: string[] }) {
  const navigate = useNavigate();
  const search: { team?: string } = useSearch({ strict: false });
  return (
    <select
      className="field"
      aria-label="Team"
      value={search.team ?? ""}
      onChange={(event) => void navigate({
        to: "/environments",
        search: (before) => ({ ...before, team: event.target.value || undefined }),
      })}
    >
      <option value="">All teams</option>
      {teams.map((team) => <option key={team}>{team}</option>)}
    </select>
  );
}

function Sources({ overview }: { overview: OverviewView }) {
  return (
    <DialogTrigger>
      <Button className="sources" aria-label="Freshness of the sources">
        {overview.sources.map((source) => (
          <span key={source.system} className="row">
            <span className={`dot tone-${source.tone}`} aria-hidden />
            {source.system}
            <span className="sr">{toneWords[source.tone]}</span>
            <span className="faint at">{source.tone === "bad" ? source.state : <Ago at={source.at} />}</span>
          </span>
        ))}
      </Button>
      <Popover className="popover" placement="bottom end">
        <Dialog aria-label="Freshness" className="col" style={{ padding: 10, width: 460 }}>
          {overview.sources.map((source) => (
            <div key={source.system} className="why">
              <ToneIcon tone={source.tone} />
              <div><b>{source.system}</b> <span className="dim">{source.state}, asked <Ago at={source.at} suffix=" ago" /></span>
                {source.reason && <div className="dim">{source.reason}</div>}</div>
            </div>
          ))}
          <h2 className="label">Accounts and regions</h2>
          {overview.scopes.map((scope) => (
            <div key={`${scope.environment}${scope.region}`} className="why">
              <ToneIcon tone={scope.tone} />
              <div><b>{scope.environment}</b> <span className="mono">{scope.account} {scope.region}</span>
                <span className="dim"> {scope.stacks} stacks, <Ago at={scope.at} suffix=" ago" /></span>
                {scope.reason && <div className="dim">{scope.reason}</div>}</div>
            </div>
          ))}
        </Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function Identity() {
  const identity = useAsk("identity_view", {});
  const estate = useAsk("estate_view", {});
  const act = useAct("practice_switch_person");
  const me = identity.data;
  const navigate = useNavigate();
  const people = estate.data?.people ?? [];
  return (
    <MenuTrigger>
      <Button className={`btn ${me?.mismatch ? "danger" : ""}`} aria-label={`Acting as ${me?.name ?? "nobody yet"}`}>
        <User className="icon" aria-hidden />{me?.name ?? "…"}
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          aria-label="Identity"
          onAction={(key) => {
            if (key === "settings") void navigate({ to: "/settings" });
            else act.mutate({ person: String(key) });
          }}
        >
          {people.map((person) => (
            <MenuItem key={person.id} id={person.id} className="menu-item" textValue={person.name}>
              <ToneIcon tone={person.id === me?.person ? "ok" : "neutral"} small />
              Act as {person.name}<span className="faint right">{person.role}</span>
            </MenuItem>
          ))}
          <MenuItem id="settings" className="menu-item">Identities in each system</MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
