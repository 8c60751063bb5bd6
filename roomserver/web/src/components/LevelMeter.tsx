import { useEffect, useRef } from "react";
import styles from "./LevelMeter.module.css";

/** A bar that moves with the sound of a track. */
export function LevelMeter({ track, label }: { track: MediaStreamTrack; label: string }) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const context = new AudioContext();
    const analyser = context.createAnalyser();
    analyser.fftSize = 512;
    const source = context.createMediaStreamSource(new MediaStream([track]));
    source.connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    let frame = 0;
    let level = 0;
    const draw = (): void => {
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      const decibels = 10 * Math.log10(sum / samples.length + 1e-10);
      const now = Math.min(1, Math.max(0, (decibels + 60) / 50)); // -60 dB to -10 dB
      level = Math.max(now, level * 0.92);
      if (bar.current) bar.current.style.transform = `scaleX(${level.toFixed(3)})`;
      frame = requestAnimationFrame(draw);
    };
    draw();
    return () => {
      cancelAnimationFrame(frame);
      source.disconnect();
      void context.close();
    };
  }, [track]);
  return (
    <div className={styles["meter"]} role="img" aria-label={label}>
      <div ref={bar} className={styles["bar"]} />
    </div>
  );
}
