using FlowEngine.AspNetCore.Web.Edge;
using FlowEngine.AspNetCore.Web.Management.Sessions;

namespace FlowEngine.AspNetCore.Web.Management.Access;

/// <summary>Per request, immutable: who calls.</summary>
/// <param name="Name">A person's name, or <see cref="KeyName"/>: the actor of the audit log.</param>
/// <param name="Role">What they may do.</param>
/// <param name="Session">The console's session; null with the management key.</param>
internal sealed record Caller(string Name, Role Role, ConsoleSession? Session) : IKnownCaller
{
    /// <summary>The name of whoever has the management key.</summary>
    public const string KeyName = "management key";

    /// <summary>The caller that <see cref="ApiAccess"/> let in, for handlers that ask for one.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext http) => ValueTask.FromResult(http.Features.Get<Caller>());
}
