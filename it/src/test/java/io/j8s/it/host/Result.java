package io.j8s.it.host;

/// How a program ended.
///
/// @param status its exit status
/// @param out what it wrote to standard output
/// @param err what it wrote to standard error
public record Result(int status, String out, String err) {

    /// The output of a program that was to succeed.
    public String ok() {
        if (status != 0) {
            throw new AssertionError("exit status " + status + " instead of 0\n" + this);
        }
        return out;
    }

    @Override
    public String toString() {
        return "exit status " + status + "\n--- out\n" + out + "--- err\n" + err;
    }
}
