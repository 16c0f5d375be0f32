// Who I am in each system; on the practice estate, whom I play.
import { useNavigate } from "@tanstack/react-router";
import { ChevronDown, Check, IdCard, TriangleAlert, User } from "lucide-react";
import { Button, Header, Menu, MenuItem, MenuSection, MenuTrigger, Popover } from "react-aria-components";
import { ToneIcon } from "../../components/tone";
import { useAct, useAsk } from "../../host/queries";

export function IdentityMenu() {
  const identity = useAsk("identity_view", {});
  const estate = useAsk("estate_view", {});
  const act = useAct("practice_switch_person");
  const navigate = useNavigate();
  const me = identity.data;
  const people = estate.data?.people ?? [];
  const Icon = me?.mismatch ? TriangleAlert : User;
  return (
    <MenuTrigger>
      <Button className={`btn me ${me?.mismatch ? "danger" : ""}`} isPending={act.isPending}>
        <Icon className="icon" aria-hidden />
        <span className="sr">Acting as </span><span className="ellipsis">{me?.name ?? (identity.error ? "nobody" : "…")}</span>
        <ChevronDown className="icon" aria-hidden />
      </Button>
      <Popover className="popover" placement="bottom end">
        <Menu
          className="menu"
          aria-label="Identity"
          onAction={(key) => {
            if (key === "settings") void navigate({ to: "/settings" });
            else if (people.some((person) => person.id === key)) act.mutate({ person: String(key) });
          }}
          disabledKeys={people.length > 0 ? [] : me?.identities.map((item) => item.system) ?? []}
        >
          {people.length > 0 ? (
            <MenuSection>
              <Header>On the practice estate you play</Header>
              {people.map((person) => (
                <MenuItem key={person.id} id={person.id} className="menu-item" textValue={`${person.name}, ${person.role}`}>
                  <Check className={`icon ${person.id === me?.person ? "" : "hidden"}`} aria-hidden />
                  {person.name}{person.id === me?.person && <span className="sr"> now</span>}<span className="faint right">{person.role}</span>
                </MenuItem>
              ))}
            </MenuSection>
          ) : (
            <MenuSection>
              <Header>The systems know you as</Header>
              {(me?.identities ?? []).map((item) => (
                <MenuItem key={item.system} id={item.system} className="menu-item" textValue={`${item.system}: ${item.name}`}>
                  <ToneIcon tone={item.tone} />{item.system}<span className="faint right mono">{item.name}</span>
                </MenuItem>
              ))}
            </MenuSection>
          )}
          <MenuItem id="settings" className="menu-item"><IdCard className="icon" aria-hidden />Identities in each system</MenuItem>
        </Menu>
      </Popover>
    </MenuTrigger>
  );
}
