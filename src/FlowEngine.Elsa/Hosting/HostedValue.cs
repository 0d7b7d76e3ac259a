using System.Collections;
using System.Dynamic;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlowEngine.Context;
using FlowEngine.Json;

namespace FlowEngine.ElsaActivities.Hosting;

/// <summary>Stateless: values of .NET, as a host's variables and properties hold them, and ours.</summary>
internal static class HostedValue
{
    /// <summary>How deep what a host holds may nest.</summary>
    private const int MostLevels = 64;

    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web) { MaxDepth = MostLevels };

    /// <summary>Our value of one of .NET: primitives, dictionaries by their members, lists, JSON; anything else as System.Text.Json writes
    /// it.</summary>
    /// <exception cref="JsonException">It nests deeper than 64 levels, or in itself.</exception>
    public static FlowValue Of(object? value) => Of(value, 0);

    private static FlowValue Of(object? value, int level)
    {
        if (level > MostLevels)
            throw new JsonException($"The value nests deeper than {MostLevels} levels.");
        return value switch
        {
            null => FlowValue.Null,
            FlowValue own => own,
            string text => FlowValue.From(text),
            bool truth => FlowValue.From(truth),
            byte or sbyte or short or ushort or int or uint or long => FlowValue.From(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
            float or double => Number(Convert.ToDouble(value, CultureInfo.InvariantCulture)),
            decimal number => FlowValue.From(number),
            JsonElement element => JsonReading.Parse(element.GetRawText()),
            JsonNode node => JsonReading.Parse(node.ToJsonString()),
            IDictionary<string, object?> members => Members(members, level),
            IDictionary members => Members(
                members.Keys.Cast<object>().Select(key => KeyValuePair.Create(key.ToString() ?? "", members[key])),
                level
            ),
            byte[] bytes => FlowValue.From(Convert.ToBase64String(bytes)),
            IEnumerable items => FlowValue.Array(items.Cast<object?>().Select(item => Of(item, level + 1)).ToList()),
            _ => JsonReading.Parse(JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), Web)),
        };
    }

    private static FlowValue Members(IEnumerable<KeyValuePair<string, object?>> members, int level)
    {
        var builder = new FlowObjectBuilder();
        foreach (var (name, value) in members)
            builder.Set(name, Of(value, level + 1));
        return FlowValue.From(builder.Build());
    }

    // JSON has no such numbers.
    private static FlowValue Number(double number) => double.IsFinite(number) ? FlowValue.From(number) : FlowValue.Null;

    /// <summary>A value as scripts and other activities of a host read it: objects by their members, lists, texts, truths, numbers.</summary>
    public static object? ToObject(FlowValue value)
    {
        if (value.IsNothing)
            return null;
        if (value.TryGetText(out var text))
            return text;
        if (value.TryGetBoolean(out var truth))
            return truth;
        if (value.TryGetArray(out var array))
            return array.Select(ToObject).ToList();
        if (value.TryGetObject(out var obj))
        {
            IDictionary<string, object?> members = new ExpandoObject();
            foreach (var (name, member) in obj)
                members[name] = ToObject(member);
            return members;
        }
        if (value.TryGetInteger(out var integer))
            return integer;
        return value.TryGetDecimal(out var exact) ? exact
            : value.TryGetDouble(out var number) ? number
            : value.ToText();
    }
}
