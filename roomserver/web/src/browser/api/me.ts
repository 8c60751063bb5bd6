import { http } from "./http";

export interface Me {
  id: string;
  name: string;
  role: "organizer" | "attendee";
}

/** Who is signed in on this device; undefined if nobody is. */
export async function whoAmI(signal?: AbortSignal): Promise<Me | undefined> {
  const { me } = await http.get<{ me: Me | null }>("/api/signin", { signal });
  return me ?? undefined;
}

/** Trades the token of a sign-in link for this browser's session cookie. */
export async function signIn(token: string): Promise<Me> {
  return http.post<Me>("/api/signin", { token });
}

export async function signOut(): Promise<void> {
  await http.post("/api/signout");
}
