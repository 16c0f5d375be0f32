// The command palette: every service, promotion, screen and action by keyboard.
import { useNavigate } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { Autocomplete, Dialog, Input, ListBox, ListBoxItem, Modal, ModalOverlay, SearchField, useFilter } from "react-aria-components";
import { setPreferences, usePreferences } from "../../components/preferences";
import { useAct, useAsk } from "../../host/queries";

type Entry = { id: string; group: string; label: string; detail: string; run: () => void };

export function Palette({ close }: { close: () => void }) {
  const navigate = useNavigate();
  const estate = useAsk("estate_view", {});
  const promotions = useAsk("promotions_view", {});
  const refresh = useAct("overview_refresh");
  const { theme } = usePreferences();
  const { contains } = useFilter({ sensitivity: "base" });
  const [typed, setTyped] = useState("");

  const entries = useMemo(() => {
    const list: Entry[] = [];
    const add = (group: string, label: string, detail: string, run: () => void) =>
      list.push({ id: `${list.length}`, group, label, detail, run });
    const environments = estate.data?.environments ?? [];
    const last = environments.at(-1)?.name;
    for (const service of estate.data?.services ?? []) {
      add("service", service.name, `${service.group}, ${service.team}`, () =>
        void navigate({ to: "/environments", search: { service: service.name, environment: last } }));
    }
    for (const service of estate.data?.services ?? []) {
      if (environments.length > 1) {
        add("compare", `Compare ${service.name}`, `${last} with ${environments.at(-2)?.name}`, () =>
          void navigate({ to: "/compare", search: { service: service.name, left: last, right: environments.at(-2)?.name } }));
      }
    }
    for (const promotion of promotions.data?.promotions ?? []) {
      add("promotion", `${promotion.id} ${promotion.service}`, `${promotion.from} to ${promotion.to}, ${promotion.state}`, () =>
        void navigate({ to: "/promotions/$id", params: { id: promotion.id } }));
    }
    add("screen", "Environments", "home", () => void navigate({ to: "/environments" }));
    add("screen", "Compare", "", () => void navigate({ to: "/compare" }));
    add("screen", "Promotions", "inbox", () => void navigate({ to: "/promotions" }));
    add("screen", "Audit", "ledger", () => void navigate({ to: "/audit" }));
    add("screen", "Settings", "identities, connections", () => void navigate({ to: "/settings" }));
    add("action", "Refresh everything", "", () => refresh.mutate({}));
    add("action", theme === "dark" ? "Light theme" : "Dark theme", "", () =>
      setPreferences({ theme: theme === "dark" ? "light" : "dark" }));
    return list;
  }, [estate.data, promotions.data, navigate, refresh, theme]);

  const shown = entries.filter((entry) => contains(`${entry.label} ${entry.detail} ${entry.group}`, typed)).slice(0, 60);
  return (
    <ModalOverlay className="overlay" isOpen isDismissable onOpenChange={(open) => !open && close()}>
      <Modal>
        <Dialog className="dialog" aria-label="Search and commands">
          <Autocomplete inputValue={typed} onInputChange={setTyped}>
            <SearchField aria-label="Search" autoFocus style={{ padding: 10 }}>
              <Input className="field" style={{ width: "100%" }} placeholder="Service, promotion, screen, action" />
            </SearchField>
            <ListBox
              className="palette-list"
              aria-label="Results"
              items={shown}
              onAction={(key) => {
                entries.find((entry) => entry.id === key)?.run();
                close();
              }}
              renderEmptyState={() => <div className="dim" style={{ padding: 12 }}>Nothing is called that.</div>}
            >
              {(entry) => (
                <ListBoxItem id={entry.id} textValue={entry.label}>
                  <b>{entry.label}</b><span className="faint">{entry.detail}</span><span className="faint right">{entry.group}</span>
                </ListBoxItem>
              )}
            </ListBox>
          </Autocomplete>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
