// The number of a slider while it moves; without this it is said once the form was sent.
for (const input of document.querySelectorAll("input[type=range]")) {
  const output = input.parentElement.querySelector("output");
  input.addEventListener("input", () => { output.textContent = `${input.value} ${input.dataset.unit}`; });
}
