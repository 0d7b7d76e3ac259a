using FlowEngine.Execution;
using FlowEngine.Identity;

namespace FlowEngine.Server.Api.Sessions;

/// <summary>
/// Per process, thread-safe: hashes the passwords of the console's people, on a thread of their own and with a queue of their own, so that
/// logins through flows, however many, never keep an operator out.
/// </summary>
/// <param name="workers">The thread and its queue.</param>
internal sealed class ConsolePasswords(BoundedWorkers workers)
{
    /// <summary>How many may wait: the last one for less than a second.</summary>
    private const int MostQueued = 8;

    /// <summary>Those of a server.</summary>
    public ConsolePasswords() : this(new BoundedWorkers("console passwords", 1, MostQueued))
    {
    }

    /// <summary>The thread and its queue.</summary>
    public BoundedWorkers Workers => workers;

    /// <summary>Compares a password with a stored hash; with "" it takes as long.</summary>
    /// <exception cref="ApiException">Too many wait already; the answer says when to come again.</exception>
    public async Task<bool> VerifyAsync(HttpContext http, string password, string hash) =>
        await RunAsync(http, () => PasswordHash.Verify(password, hash)) == PasswordMatch.Yes;

    /// <summary>Hashes a new password.</summary>
    /// <exception cref="ApiException">Too many wait already; the answer says when to come again.</exception>
    public Task<string> HashAsync(HttpContext http, string password) => RunAsync(http, () => PasswordHash.Create(password));

    private Task<T> RunAsync<T>(HttpContext http, Func<T> work)
    {
        if (workers.TryQueue(work, http.RequestAborted, out var result))
            return result;
        http.Response.Headers.RetryAfter = "2";
        throw new ApiException(StatusCodes.Status503ServiceUnavailable, ConsoleErrors.Busy);
    }
}
