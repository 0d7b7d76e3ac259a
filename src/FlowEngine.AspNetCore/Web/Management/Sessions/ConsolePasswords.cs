using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Access;
using FlowEngine.Execution;
using FlowEngine.Identity;
using FlowEngine.Workers;

namespace FlowEngine.AspNetCore.Web.Management.Sessions;

/// <summary>
/// Per process, thread-safe: hashes the passwords of the console's people, on threads of their own and with queues of their own, so that
/// logins through flows, however many, never keep an operator out; nor do strangers keep out those who are known.
/// </summary>
/// <param name="strangers">The thread and the queue of those who are not known, shared by their networks.</param>
/// <param name="known">The thread and the queue of known devices and of people with a session.</param>
internal sealed class ConsolePasswords(FairWorkers strangers, FairWorkers known)
{
    /// <summary>How many may wait in each queue: the last one for less than a second.</summary>
    private const int MostQueued = 8;

    /// <summary>How many of one network, one device or one person may wait.</summary>
    private const int MostQueuedOfOne = 2;

    /// <summary>Those of a server.</summary>
    public ConsolePasswords()
        : this(
            new FairWorkers("console passwords", 1, MostQueued, MostQueuedOfOne),
            new FairWorkers("console passwords of the known", 1, MostQueued, MostQueuedOfOne)
        ) { }

    /// <summary>The thread and the queue of those who are not known.</summary>
    public FairWorkers Strangers => strangers;

    /// <summary>The thread and the queue of those who are.</summary>
    public FairWorkers Known => known;

    /// <summary>Takes a place in the queue, before a try is counted.</summary>
    /// <param name="http">The request; when it is refused, its answer says when to come again.</param>
    /// <param name="origin">Who tries.</param>
    /// <param name="limit">Counts whoever is turned away.</param>
    /// <exception cref="ApiException">Too many wait already.</exception>
    public FairPlace Enter(HttpContext http, SignInOrigin origin, SignInLimit limit)
    {
        if ((origin.IsKnown ? known : strangers).TryEnter(origin.Lane) is { } place)
            return place;
        limit.TurnAway(origin);
        throw Busy(http);
    }

    /// <summary>Compares a password with a stored hash; with "" it takes as long.</summary>
    /// <exception cref="ApiException">The turn did not come in time; the answer says when to come again.</exception>
    public static async Task<bool> VerifyAsync(HttpContext http, FairPlace place, string password, string hash)
    {
        var (match, busy) = await place.RunAsync(() => PasswordHash.Verify(password, hash), http.RequestAborted);
        return busy == WorkersBusy.No ? match == PasswordMatch.Yes : throw Busy(http);
    }

    /// <summary>Hashes a new password, for somebody who may set it.</summary>
    /// <param name="http">The request.</param>
    /// <param name="caller">Who sets it.</param>
    /// <param name="password">The password.</param>
    /// <exception cref="ApiException">Too many wait already; the answer says when to come again.</exception>
    public async Task<string> HashAsync(HttpContext http, Caller caller, string password)
    {
        var (hash, busy) = await known.RunAsync($"session {caller.Name}", () => PasswordHash.Create(password), http.RequestAborted);
        return busy == WorkersBusy.No ? hash! : throw Busy(http);
    }

    private static ApiException Busy(HttpContext http)
    {
        http.Response.Headers.RetryAfter = "2";
        return new ApiException(StatusCodes.Status503ServiceUnavailable, ConsoleErrors.Busy);
    }
}
