import { Languages, SunMoon } from "lucide-react";
import { useState } from "react";
import { type Theme, changeLanguage, changeTheme, currentTheme } from "../browser/preferences";
import { language, t } from "../messages";
import { type Language, languages } from "../messages/languages";
import { Menu } from "./Menu";

const THEMES: readonly Theme[] = ["system", "light", "dark"];

/** Language and theme, two buttons. */
export function PreferenceMenus() {
  const [theme, setTheme] = useState(currentTheme);
  return (
    <>
      <Menu
        label={t.general.language}
        icon={<Languages size={20} aria-hidden />}
        testId="language-menu"
        items={Object.entries(languages).map(([code, { name }]) => ({
          label: name,
          lang: code,
          checked: code === language(),
          onSelect: () => void changeLanguage(code as Language),
          testId: `language-${code}`,
        }))}
      />
      <Menu
        label={t.general.theme}
        icon={<SunMoon size={20} aria-hidden />}
        testId="theme-menu"
        items={THEMES.map((each) => ({
          label: t.general.themes[each],
          checked: each === theme,
          onSelect: () => {
            changeTheme(each);
            setTheme(each);
          },
          testId: `theme-${each}`,
        }))}
      />
    </>
  );
}
