using FlowEngine.Context;
using FlowEngine.Screens.Components;
using FlowEngine.Templates;

namespace FlowEngine.Screens;

/// <summary>Shared and immutable: when the components of a screen are shown. What stands in a container is only while that is.</summary>
internal sealed class ShownParts
{
    private readonly ScreenComponent[] _components;

    /// <summary>The container of each component; -1 for none.</summary>
    private readonly int[] _within;

    private ShownParts(ScreenComponent[] components)
    {
        _components = components;
        _within = new int[components.Length];
        Array.Fill(_within, -1);
        for (var i = 0; i < components.Length; i++)
        {
            if (components[i] is not Container { Holds: > 0 } container)
                continue;
            // Inner containers come later, and so have the last word on what they hold.
            for (var inner = i + 1; inner <= i + container.Holds; inner++)
                _within[inner] = i;
        }
    }

    /// <summary>Null where all components are always shown: a screen without conditions pays nothing for them.</summary>
    public static ShownParts? Of(ScreenComponent[] components) =>
        Array.Exists(components, component => component.Rule is not null) ? new ShownParts(components) : null;

    /// <summary>Whether nothing hides an input of that name.</summary>
    public bool IsAlwaysShown(string name)
    {
        var at = Array.FindIndex(_components, component => component is InputComponent input && input.Name == name);
        return Around(at).All(component => component.Rule is null);
    }

    /// <summary>Whether a component is shown.</summary>
    public bool IsShown(ScreenComponent component, ReadContext context, Func<string, FlowValue> entered) =>
        Around(Array.FindIndex(_components, one => ReferenceEquals(one, component)))
            .All(around => around.Rule?.Holds(context, entered) ?? true);

    /// <summary>Begins to read a submission.</summary>
    /// <param name="context">The run's data as it was when the screen was shown.</param>
    /// <param name="before">The form as it was then.</param>
    public Reading Begin(ReadContext context, FlowObject before) => new(this, context, before);

    /// <summary>What is left to decide about each component while the screen is shown: true, false, or a rule.</summary>
    public FlowValue[] Left(ReadContext context)
    {
        var left = new FlowValue[_components.Length];
        var gone = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < left.Length; i++)
        {
            left[i] =
                _within[i] >= 0 && left[_within[i]] == FlowValue.False ? FlowValue.False
                : _components[i].Rule is { } rule ? rule.Left(context, name => !gone.Contains(name))
                : FlowValue.True;
            if (left[i] == FlowValue.False && _components[i] is InputComponent input)
                gone.Add(input.Name);
        }
        return left;
    }

    /// <summary>A component and the containers around it.</summary>
    private IEnumerable<ScreenComponent> Around(int at)
    {
        for (; at >= 0; at = _within[at])
            yield return _components[at];
    }

    /// <summary>Per submission and single-threaded: what is shown by what was entered so far.</summary>
    internal sealed class Reading(ShownParts parts, ReadContext context, FlowObject before)
    {
        private readonly bool[] _shown = new bool[parts._components.Length];
        private readonly Dictionary<string, FlowValue> _entered = new(StringComparer.Ordinal);
        private HashSet<string>? _over;

        /// <summary>The inputs that are not shown; null for none.</summary>
        public HashSet<string>? Hidden { get; private set; }

        /// <summary>Whether a component is shown. Asked for each in turn.</summary>
        public bool IsShown(int at)
        {
            var component = parts._components[at];
            var isShown =
                (parts._within[at] < 0 || _shown[parts._within[at]])
                && (component.Rule is not { } rule || rule.Holds(context, name => _entered.GetValueOrDefault(name)));
            _shown[at] = isShown;
            if (!isShown && component is InputComponent input)
            {
                (Hidden ??= new HashSet<string>(StringComparer.Ordinal)).Add(input.Name);
                // What the person's own choice on this screen has hidden has no value any more; what was settled before stays.
                if (parts.Around(at).Any(around => around.Rule is { IsLive: true }))
                    (_over ??= new HashSet<string>(StringComparer.Ordinal)).Add(input.Name);
            }
            return isShown;
        }

        /// <summary>What was entered in an input that is shown; missing for what is there already.</summary>
        public void Enter(string name, FlowValue value) => _entered[name] = value.IsMissing ? before.Get(name) : value;

        /// <summary>Whether an input of that name was hidden by what was entered, so that what it had is over.</summary>
        public bool IsOver(string name) => _over?.Contains(name) == true;
    }
}
