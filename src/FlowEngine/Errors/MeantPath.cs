namespace FlowEngine.Errors;

/// <summary>Shared and immutable: what was probably meant by a path that nothing writes.</summary>
/// <param name="Path">The path as it is read, such as <c>connectors.dbb.first</c>.</param>
/// <param name="Part">Which of its parts is wrong, counted from 1 behind the root.</param>
/// <param name="Name">What that part was probably meant to be.</param>
public sealed record MeantPath(string Path, int Part, string Name);
