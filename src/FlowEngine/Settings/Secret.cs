using FlowEngine.Errors;

namespace FlowEngine.Settings;

/// <summary>
/// Shared and immutable: a secret setting: a literal, <c>env:NAME</c> (an environment variable) or <c>file:PATH</c> (a file's content
/// without its final line break). It never shows its value by accident: <see cref="ToString"/> masks it.
/// </summary>
public sealed class Secret
{
    private const string EnvironmentPrefix = "env:";
    private const string FilePrefix = "file:";
    private readonly string _source;

    /// <summary>Wraps the setting as written.</summary>
    public Secret(string source) => _source = source;

    /// <summary>Whether nothing was given at all.</summary>
    public bool IsEmpty => _source.Length == 0;

    /// <summary>Whether the value stands in the setting itself.</summary>
    public bool IsLiteral =>
        !_source.StartsWith(EnvironmentPrefix, StringComparison.Ordinal) && !_source.StartsWith(FilePrefix, StringComparison.Ordinal);

    /// <summary>Where the value comes from, without the value: <c>env:NAME</c>, <c>file:PATH</c> or <c>***</c>.</summary>
    public string Reference => IsLiteral ? Json.JsonWriting.Mask : _source;

    /// <summary>Reads the value. Environment and file are read on each call, so
    /// that a rotated secret is seen when a connector is made anew.</summary>
    /// <param name="value">The value; "" when it cannot be had.</param>
    /// <param name="problem">Why it cannot be had, or null.</param>
    public bool TryReveal(out string value, out FlowError? problem)
    {
        problem = null;
        value = _source;
        if (_source.StartsWith(EnvironmentPrefix, StringComparison.Ordinal))
        {
            var name = _source[EnvironmentPrefix.Length..];
            value = Environment.GetEnvironmentVariable(name) ?? "";
            if (value.Length == 0)
                problem = FlowError.Of(FlowErrors.SecretMissing, $"The environment variable {name} is not set.");
        }
        else if (_source.StartsWith(FilePrefix, StringComparison.Ordinal))
        {
            var path = _source[FilePrefix.Length..];
            try
            {
                value = File.ReadAllText(path).TrimEnd('\r', '\n');
            }
            catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                value = "";
                problem = FlowError.Of(FlowErrors.SecretMissing, $"The secret file {path} cannot be read.");
            }
        }
        return problem is null;
    }

    /// <inheritdoc/>
    public override string ToString() => Reference;
}
