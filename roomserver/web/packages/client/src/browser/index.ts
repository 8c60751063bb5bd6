export * from "./devices.js";
export * from "./realtime.js";
