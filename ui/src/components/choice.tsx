// One of a list, in a popover of our own: the engine's select cannot be styled.
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { Button, ListBox, ListBoxItem, Popover, Select, SelectValue } from "react-aria-components";

export type Option<T extends string> = { id: T; label: string; detail?: string };
type Props<T extends string> = {
  label: string;
  value: T;
  options: Option<T>[];
  onChange: (value: T) => void;
  icon?: ReactNode;
  className?: string;
};

export function Choice<T extends string>({ label, value, options, onChange, icon, className = "" }: Props<T>) {
  return (
    <Select
      aria-label={label}
      className={`choice ${className}`}
      selectedKey={value}
      onSelectionChange={(key) => key !== null && onChange(key as T)}
    >
      <Button className="box">
        {icon}
        <SelectValue className="ellipsis">{({ selectedText }) => selectedText}</SelectValue>
        <ChevronDown className="icon right" aria-hidden />
      </Button>
      <Popover className="popover" offset={4}>
        <ListBox className="menu" items={options}>
          {(option) => (
            <ListBoxItem id={option.id} textValue={option.label} className="menu-item">
              {({ isSelected }) => (
                <>
                  <Check className={`icon ${isSelected ? "" : "hidden"}`} aria-hidden />
                  {option.label}
                  {option.detail && <span className="faint right">{option.detail}</span>}
                </>
              )}
            </ListBoxItem>
          )}
        </ListBox>
      </Popover>
    </Select>
  );
}
