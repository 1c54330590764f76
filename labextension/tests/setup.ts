// What Lumino names when it is loaded, and jsdom has not.
if (typeof window !== 'undefined') {
  const named = window as unknown as Record<string, unknown>;
  named.DragEvent ??= class extends MouseEvent {};
}
