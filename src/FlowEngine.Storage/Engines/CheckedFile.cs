namespace FlowEngine.Storage.Engines;

/// <summary>Shared and immutable: what a look through a database found.</summary>
/// <param name="Damage">What is broken, in SQLite's words; null for nothing.</param>
/// <param name="IsComplete">Whether it was looked through to its end.</param>
internal sealed record CheckedFile(string? Damage, bool IsComplete);
