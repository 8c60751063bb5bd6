// Gives a page a drawn camera, a microphone that may hum, and slides as its screen, in place of a browser's test picture.
// `window.drawn` says who: { hue, hums }.
(() => {
  const draw = (width, height, paint) => {
    const canvas = Object.assign(document.createElement("canvas"), { width, height });
    const context = canvas.getContext("2d", { alpha: false });
    let count = 0;
    const tick = () => paint(context, count++);
    tick();
    // Encoders send nothing of what doesn't change.
    setInterval(tick, 100);
    return canvas.captureStream(10).getVideoTracks()[0];
  };

  const circle = (context, x, y, radius, colour) => {
    context.fillStyle = colour;
    context.beginPath();
    context.arc(x, y, radius, 0, 2 * Math.PI);
    context.fill();
  };

  const person = (hue) => (context, count) => {
    const light = context.createLinearGradient(0, 0, 640, 360);
    light.addColorStop(0, `hsl(${hue} 45% 62%)`);
    light.addColorStop(1, `hsl(${hue + 40} 50% 34%)`);
    context.fillStyle = light;
    context.fillRect(0, 0, 640, 360);
    const sway = Math.sin(count / 8) * 5;
    circle(context, 320 + sway / 2, 420, 165, `hsl(${hue + 170} 35% 32%)`);
    circle(context, 320 + sway, 175, 82, `hsl(${20 + (hue % 20)} 45% ${55 + (hue % 25)}%)`);
    context.fillStyle = `hsl(${hue % 40} 30% 18%)`;
    context.beginPath();
    context.arc(320 + sway, 158, 88, Math.PI, 2 * Math.PI);
    context.fill();
  };

  const slides = (context, count) => {
    context.fillStyle = "#fbfaf7";
    context.fillRect(0, 0, 1280, 720);
    context.fillStyle = "#22315c";
    context.fillRect(0, 0, 24, 720);
    context.font = "bold 64px sans-serif";
    context.fillText("Rooms that work", 96, 150);
    context.font = "34px sans-serif";
    ["Few on screen, many watching", "Questions have a place", "Somebody decides"].forEach((line, index) => context.fillText(`•  ${line}`, 96, 250 + index * 62));
    [180, 120, 240, 300, 210].forEach((height, index) => {
      context.fillStyle = `hsl(${200 + index * 22} 55% 52%)`;
      context.fillRect(800 + index * 84, 620 - height, 60, height);
    });
    context.fillStyle = "#c7ccd9";
    context.fillRect(96, 640, 1088, 6);
    context.fillStyle = "#3a62d8";
    context.fillRect(96, 640, 12 * (count % 90), 6);
  };

  const hum = (loud) => {
    const audio = new AudioContext();
    const [tone, volume, out] = [audio.createOscillator(), audio.createGain(), audio.createMediaStreamDestination()];
    volume.gain.value = loud ? 0.3 : 0;
    tone.connect(volume).connect(out);
    tone.start();
    return out.stream.getAudioTracks()[0];
  };

  navigator.mediaDevices.getUserMedia = async ({ audio, video }) =>
    new MediaStream([...(video ? [draw(640, 360, person(window.drawn.hue))] : []), ...(audio ? [hum(window.drawn.hums)] : [])]);
  navigator.mediaDevices.getDisplayMedia = async () => new MediaStream([draw(1280, 720, slides)]);
})();
