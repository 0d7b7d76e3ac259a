using System.Numerics;
using FlowEngine.Context;
using Newtonsoft.Json.Linq;

namespace FlowEngine.Templates;

/// <summary>Stateless: values as the JSON of JmesPath.Net, and back.</summary>
internal static class JmesPathValues
{
    public static JToken ToToken(FlowValue value)
    {
        switch (value.Kind)
        {
            case FlowValueKind.Array:
                value.TryGetArray(out var array);
                var list = new JArray();
                foreach (ref readonly var item in array!.AsSpan())
                    list.Add(ToToken(item));
                return list;
            case FlowValueKind.Object:
                value.TryGetObject(out var members);
                var result = new JObject();
                foreach (var (name, member) in members!)
                    result.Add(name, ToToken(member));
                return result;
            case FlowValueKind.String:
                return new JValue(value.ToText());
            case FlowValueKind.Boolean:
                return new JValue(value == FlowValue.True);
            case FlowValueKind.Number:
                return ToNumber(value);
            default:
                return JValue.CreateNull();
        }
    }

    /// <summary>For the library 1 and 1.0 are not equal, so what is whole is an integer.</summary>
    private static JValue ToNumber(FlowValue value)
    {
        if (value.TryGetInteger(out var integer))
            return new JValue(integer);
        if (value.TryGetDecimal(out var exact))
            return exact == decimal.Truncate(exact) && exact is >= long.MinValue and <= long.MaxValue
                ? new JValue((long)exact)
                : new JValue(exact);
        value.TryGetDouble(out var number);
        return new JValue(number);
    }

    public static FlowValue ToFlow(JToken token) =>
        token switch
        {
            JArray array => FlowValue.Array(array.Select(ToFlow)),
            JObject members => FlowValue.From(ToObject(members)),
            JValue { Value: null } => FlowValue.Null,
            JValue { Value: string text } => FlowValue.From(text),
            JValue { Value: bool flag } => FlowValue.From(flag),
            JValue { Value: long integer } => FlowValue.From(integer),
            JValue { Value: int integer } => FlowValue.From((long)integer),
            JValue { Value: double number } => FlowValue.From(number),
            JValue { Value: decimal number } => FlowValue.From(number),
            JValue { Value: BigInteger number } => FlowValue.FromNumberText(number.ToString()),
            _ => throw new InvalidOperationException($"JMESPath gave a token of the type {token.Type}."),
        };

    private static FlowObject ToObject(JObject members)
    {
        var builder = new FlowObjectBuilder(members.Count);
        foreach (var (name, member) in members)
            builder.Set(name, ToFlow(member!));
        return builder.Build();
    }
}
