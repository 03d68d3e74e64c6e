/** As the C++ runtime, ONNX Runtime's arenas, CUDA and V8 put it. */
const WORDS =
  /bad_alloc|out of memory|failed to allocate memory|CUDA_ERROR_OUT_OF_MEMORY|CUBLAS_STATUS_ALLOC_FAILED|Array buffer allocation failed/i;

/**
 * Whether work failed for lack of memory. What ONNX Runtime's arenas hold by then they keep, so that
 * the same process would go on failing at smaller work.
 */
export function isOutOfMemory(error: unknown): boolean {
  return error instanceof Error && WORDS.test(error.message);
}
