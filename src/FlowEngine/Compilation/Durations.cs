using System.Xml;

namespace FlowEngine.Compilation;

/// <summary>Reads ISO 8601 durations. Stateless.</summary>
internal static class Durations
{
    /// <summary>Whether a text is a duration, and which.</summary>
    public static bool TryParse(string text, out TimeSpan duration)
    {
        try
        {
            duration = XmlConvert.ToTimeSpan(text);
            return true;
        }
        catch (Exception error) when (error is FormatException or OverflowException)
        {
            duration = default;
            return false;
        }
    }
}
