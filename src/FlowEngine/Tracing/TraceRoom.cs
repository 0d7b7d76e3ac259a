using System.Globalization;
using FlowEngine.Context;

namespace FlowEngine.Tracing;

/// <summary>Per trace and single-threaded: how many characters a trace that is stored
/// may still have. Its steps share it: what does not fit is cut, and says so.</summary>
/// <param name="characters">How many there are; about, because punctuation is not counted exactly.</param>
public sealed class TraceRoom(int characters)
{
    /// <summary>How many characters one value of a step may have: its input, its output, the run's inputs.</summary>
    public const int MaxValue = 32 * 1024;

    /// <summary>What the bare steps may take that are told when there is no room for their values.</summary>
    private const int Bare = 16 * 1024;

    private int _left = characters;

    /// <summary>Whether values are still told. Without room a step is no more than
    /// activity, type, time and outcome, and has <c>"truncated": true</c>.</summary>
    internal bool HasValues => _left > 0;

    /// <summary>Whether anything is still told.</summary>
    internal bool HasSteps => _left > -Bare;

    /// <summary>Takes the room for a step without its values.</summary>
    internal void TakeStep(TraceStep step) => _left -= step.Activity.Length + step.Type.Length + 100;

    /// <summary>Takes the room for a value.</summary>
    /// <param name="value">The value, redacted already: half a secret would not be found.</param>
    /// <param name="isCut">Set when something was left out.</param>
    internal FlowValue Take(FlowValue value, ref bool isCut)
    {
        var room = Math.Clamp(_left, 0, MaxValue);
        var size = SizeOf(value, room);
        if (size <= room)
        {
            _left -= size;
            return value;
        }
        _left -= room;
        isCut = true;
        return Cut(value, ref room);
    }

    /// <summary>About how many characters a value has; no further than the limit.</summary>
    private static int SizeOf(FlowValue value, int limit)
    {
        if (value.Kind == FlowValueKind.String)
            return value.ToText().Length + 2;
        var size = 2;
        if (value.TryGetArray(out var array))
        {
            foreach (ref readonly var item in array.AsSpan())
            {
                size += SizeOf(item, limit - size) + 1;
                if (size > limit)
                    break;
            }
            return size;
        }
        if (!value.TryGetObject(out var obj))
            return 8;
        for (var i = 0; i < obj.Count && size <= limit; i++)
            size += obj.Shape.Names[i].Length + 4 + SizeOf(obj.Values[i], limit - size);
        return size;
    }

    private static FlowValue Cut(FlowValue value, ref int room)
    {
        if (value.TryGetText(out var text))
        {
            var kept = Math.Clamp(room, 0, text.Length);
            room -= text.Length + 2;
            return kept == text.Length ? value : FlowValue.From($"{text.AsSpan(0, kept)}… ({Number(text.Length - kept)} more characters)");
        }
        if (value.TryGetArray(out var array))
        {
            var items = new List<FlowValue>();
            for (var i = 0; i < array.Count && room > 0; i++)
                items.Add(Cut(array[i], ref room));
            if (items.Count < array.Count)
                items.Add(FlowValue.From($"… ({Number(array.Count - items.Count)} more)"));
            return FlowValue.Array(items);
        }
        if (!value.TryGetObject(out var obj))
        {
            room -= 8;
            return value;
        }
        var members = new FlowObjectBuilder();
        var told = 0;
        foreach (var (name, member) in obj)
        {
            room -= name.Length + 4;
            if (room <= 0)
                break;
            members.Set(name, Cut(member, ref room));
            told++;
        }
        if (told < obj.Count)
            members.Set("…", FlowValue.From($"({Number(obj.Count - told)} more)"));
        return FlowValue.From(members.Build());
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
