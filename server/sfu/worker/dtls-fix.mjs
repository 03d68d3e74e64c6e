/**
 * The one line of mediasoup that has to change to run on Debian's OpenSSL.
 *
 * OpenSSL calls a BIO's callback before and after each operation, and after it adds the
 * operation's kind to BIO_CB_RETURN. mediasoup takes only the bare flag for "after" and answers 1
 * otherwise. Debian's OpenSSL can hand encryption to the kernel and asks the BIO whether it does;
 * it takes that 1 for yes, allocates no buffer to write to, and the worker dies on the first
 * ClientHello.
 */
export const DTLS_SOURCE = 'src/RTC/DtlsTransport.cpp';

const BEFORE =
  'const long resultOfcallback = (operationType == BIO_CB_RETURN) ? static_cast<long>(ret) : 1;';
const AFTER =
  'const long resultOfcallback = (operationType & BIO_CB_RETURN) ? static_cast<long>(ret) : 1;';

/** The source with the line changed; refuses a source in which the line is not found once. */
export function withDtlsFix(source) {
  const found = source.split(BEFORE).length - 1;
  if (found !== 1) {
    throw new Error(
      `${DTLS_SOURCE} is not the one this build was written for (the line to change occurs ${found} times)`,
    );
  }
  return source.replace(BEFORE, AFTER);
}
