namespace FlowEngine.AspNetCore.Runs;

/// <summary>
/// Shared and immutable: where a hosted login leads when it is done. It is bound
/// to the run when the run begins; no later request changes it (RFC 9700, 2.1).
/// </summary>
/// <param name="RedirectUri">The application's address, which was on the flow's list.</param>
/// <param name="State">What the application gets back unchanged, or null.</param>
/// <param name="CodeChallenge">The S256 challenge of RFC 7636; null when the flow does without.</param>
internal sealed record LoginReturn(string RedirectUri, string? State, string? CodeChallenge);
