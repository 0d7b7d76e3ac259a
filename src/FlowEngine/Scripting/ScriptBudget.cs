using Jint;

namespace FlowEngine.Scripting;

/// <summary>
/// Per execution and single-threaded: the time that a script has, and its caller's wish to end it. Jint asks before every statement and
/// call, and the guards of the built-ins ask as well.
/// </summary>
/// <remarks>
/// Jint's own deadline is asked every few dozen statements only: each of them
/// may read a number out of a long text. What has once been exceeded stays so:
/// a <c>finally</c> cannot go on with it.
/// </remarks>
internal sealed class ScriptBudget : Constraint
{
    private long _end = long.MaxValue;
    private CancellationToken _cancellationToken;

    /// <summary>Asked before every statement, not now and then.</summary>
    public override bool IsAmortizable => false;

    /// <summary>Begins.</summary>
    /// <param name="time">How long the script may take.</param>
    /// <param name="cancellationToken">The caller's.</param>
    public void Begin(TimeSpan time, CancellationToken cancellationToken) =>
        (_end, _cancellationToken) = (Environment.TickCount64 + (long)time.TotalMilliseconds, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="TimeoutException">The time is over.</exception>
    /// <exception cref="OperationCanceledException">The caller has gone.</exception>
    public override void Check()
    {
        _cancellationToken.ThrowIfCancellationRequested();
        if (Environment.TickCount64 >= _end)
            throw new TimeoutException("The script's time is over.");
    }

    /// <inheritdoc/>
    public override void Reset()
    {
        // One budget for all that an execution does, the reading of its result included; Jint resets with each call from outside.
    }
}
