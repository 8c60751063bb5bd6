/** Every test reads the pages in English. */
import { speak } from "../../src/messages";

await speak("en");
