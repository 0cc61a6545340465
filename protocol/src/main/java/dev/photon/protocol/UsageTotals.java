package dev.photon.protocol;

/**
 * What calls came to.
 *
 * @param requests answered, or left by their clients after they were sent
 * @param errors of these, with a status of 500 or more
 * @param uploaded bytes of the requests' bodies
 * @param downloaded bytes of the functions' answers' bodies, as far as they were sent to somebody
 */
public record UsageTotals(long requests, long errors, long uploaded, long downloaded) {
    public static final UsageTotals NONE = new UsageTotals(0, 0, 0, 0);

    public UsageTotals plus(UsageTotals other) {
        return new UsageTotals(
                requests + other.requests,
                errors + other.errors,
                uploaded + other.uploaded,
                downloaded + other.downloaded);
    }

    public UsageTotals minus(UsageTotals other) {
        return new UsageTotals(
                requests - other.requests,
                errors - other.errors,
                uploaded - other.uploaded,
                downloaded - other.downloaded);
    }
}
