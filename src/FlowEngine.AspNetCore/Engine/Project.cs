namespace FlowEngine.AspNetCore.Engine;

/// <summary>Shared and immutable: the project that this server serves.</summary>
/// <param name="Id">Its id, setting <c>ProjectId</c>.</param>
internal sealed record Project(string Id);
