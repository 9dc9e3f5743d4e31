using System.Buffers;
using SessionReplay.Format;
using SessionReplay.Pipeline.Sanitizing;

namespace SessionReplay.Pipeline.Batches;

/// <summary>What is known of the strings of a DOM block, to sanitize each of them once.</summary>
internal readonly struct DomStrings : IDisposable
{
    private readonly SanitizePass _pass;
    private readonly Mark[] _marks;
    private readonly MemberRole[] _roles;
    private readonly bool[] _erased;
    private readonly bool[] _pairs;

    public DomStrings(in DomBlock block, SanitizePass pass)
    {
        _pass = pass;
        _marks = Rent<Mark>(block.StringCount);
        _roles = Rent<MemberRole>(block.ColumnCount);
        _erased = Rent<bool>(block.ColumnCount);
        _pairs = Rent<bool>(block.ShapeCount);
        for (var i = 0; i < block.ColumnCount; i++)
        {
            var key = block.Columns[i].Key;
            _roles[i] = key <= DomKeys.Count ? pass.RoleOfKnownKey(key) : MemberRoles.Of(block.Key(key), pass);
        }

        for (var shape = 0; shape < block.ShapeCount; shape++)
        {
            _pairs[shape] = IsPair(block.Members(shape));
        }
    }

    [Flags]
    private enum Mark : byte
    {
        Secret = 1,
        Number = 2,
    }

    /// <summary>Returns whether all values of a column are secrets, for its key says so.</summary>
    public bool IsSecret(int column) => _roles[column] == MemberRole.Sensitive;

    /// <summary>Returns what the key of a column says of its values.</summary>
    public MemberRole RoleOf(int column) => _roles[column];

    /// <summary>Returns whether objects of a shape have a value whose name is in another member.</summary>
    public bool HasPair(int shape) => _pairs[shape];

    /// <summary>Returns whether a string makes the value beside it a secret.</summary>
    public bool IsSecretName(MemberRole role, int text, in DomBlock block) => MemberRoles.IsSecret(role, block.StringAt(text), _pass);

    /// <summary>Notes that a string is to be taken out.</summary>
    public void Secret(int text) => _marks[text] |= Mark.Secret;

    /// <summary>Notes that a string is the text of a number.</summary>
    public void Number(int text, bool isSecret) => _marks[text] |= isSecret ? Mark.Number | Mark.Secret : Mark.Number;

    /// <summary>Notes that the integers of a column are to be taken out.</summary>
    public void EraseIntegers(int column) => _erased[column] = true;

    /// <summary>Sanitizes the keys and all strings in place.</summary>
    public void Sanitize(in DomBlock block)
    {
        for (var key = 0; key < block.KeyCount; key++)
        {
            // The built-in rules find nothing shorter in a name.
            if (block.StringAt(key) is { Length: >= 11 } || _pass.HasCustomRules)
            {
                _pass.Text(block.StringAt(key));
            }
        }

        for (var i = 0; i < block.ColumnCount; i++)
        {
            if (_erased[i] || IsSecret(i))
            {
                block.EraseIntegers(i);
            }

            Column(block, i);
        }
    }

    public void Dispose()
    {
        ArrayPool<Mark>.Shared.Return(_marks);
        ArrayPool<MemberRole>.Shared.Return(_roles);
        ArrayPool<bool>.Shared.Return(_erased);
        ArrayPool<bool>.Shared.Return(_pairs);
    }

    private static T[] Rent<T>(int length)
    {
        var array = ArrayPool<T>.Shared.Rent(length);
        array.AsSpan(0, length).Clear();
        return array;
    }

    private void Column(in DomBlock block, int column)
    {
        ref readonly var c = ref block.Columns[column];
        var end = c.FirstString + c.StringCount;
        var (isSecret, isCss) = (IsSecret(column), _roles[column] == MemberRole.Css);
        if (!isSecret && !_marks.AsSpan(c.FirstString, c.StringCount).ContainsAnyExcept(default(Mark)) && _pass.IsClean(block.StringsOf(c)))
        {
            return;
        }

        for (var i = c.FirstString; i < end; i++)
        {
            One(block.StringAt(i), isSecret ? _marks[i] | Mark.Secret : _marks[i], isCss);
        }
    }

    private void One(Span<byte> text, Mark mark, bool isCss)
    {
        if (text.IsEmpty)
        {
            return;
        }

        switch (mark)
        {
            case Mark.Secret:
                _pass.Redact(text, BuiltInRule.Field);
                break;
            case Mark.Secret | Mark.Number:
                _pass.RedactNumber(text, BuiltInRule.Field);
                break;
            case Mark.Number:
                _pass.Number(text);
                break;
            default:
                if (isCss)
                {
                    _pass.Css(text);
                }
                else if (!_pass.IsClean(text))
                {
                    _pass.Text(text);
                }

                break;
        }
    }

    private bool IsPair(ReadOnlySpan<int> members)
    {
        var (hasName, hasValue) = (false, false);
        foreach (var column in members)
        {
            hasName |= _roles[column] is MemberRole.PairName or MemberRole.PairType or MemberRole.PairAutocomplete;
            hasValue |= _roles[column] == MemberRole.PairValue;
        }

        return hasName && hasValue;
    }
}
