namespace FlowEngine.AspNetCore.Web.Edge;

/// <summary>Per process, thread-safe: whether the server is about to stop. Then
/// <c>/readyz</c> says so, and load balancers send their requests elsewhere.</summary>
internal sealed class Draining
{
    private volatile bool _hasBegun;

    /// <summary>Whether it is about to stop.</summary>
    public bool HasBegun => _hasBegun;

    /// <summary>Begins.</summary>
    public void Begin() => _hasBegun = true;
}
