using System.Xml;

namespace FlowEngine.Settings;

/// <summary>ISO 8601 durations such as <c>PT5S</c> and <c>P1DT12H</c>. Stateless.</summary>
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

    /// <summary>The duration that a text is.</summary>
    /// <exception cref="FormatException">It is none.</exception>
    public static TimeSpan Parse(string text) => XmlConvert.ToTimeSpan(text);

    /// <summary>A duration as text.</summary>
    public static string ToText(TimeSpan duration) => XmlConvert.ToString(duration);
}
