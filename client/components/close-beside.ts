/** Closes a dialog by a click beside its sheet, which is one on the dialog itself. */
export function closeBeside({
  target,
  currentTarget: dialog,
}: MouseEvent & { readonly currentTarget: HTMLDialogElement }): void {
  if (target === dialog) dialog.close();
}
