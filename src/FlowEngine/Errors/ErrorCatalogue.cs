using System.Reflection;

namespace FlowEngine.Errors;

/// <summary>Finds the codes that a catalogue class declares. Used by the documentation and its test, never while a flow runs.</summary>
public static class ErrorCatalogue
{
    /// <summary>The <see cref="ErrorCode"/> fields of a static class, in the order declared.</summary>
    public static IReadOnlyList<ErrorCode> Of(Type catalogue) =>
        [
            .. catalogue
                .GetFields(BindingFlags.Public | BindingFlags.Static)
                .Where(f => f.FieldType == typeof(ErrorCode))
                .Select(f => (ErrorCode)f.GetValue(null)!),
        ];
}
