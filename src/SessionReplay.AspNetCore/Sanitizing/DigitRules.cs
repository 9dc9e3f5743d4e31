namespace SessionReplay.AspNetCore.Sanitizing;

/// <summary>Finds card numbers and social security numbers in runs of digits with single separators between groups.</summary>
internal static class DigitRules
{
    private const int MaxGroups = 16;

    private enum Separator
    {
        None,
        Space,
        Hyphen,
        Plus,
        NoBreakSpace,
    }

    /// <summary>Deals with the run that begins at a place, which is a digit behind something that is no letter and no digit.</summary>
    /// <returns>Where to go on.</returns>
    public static int Redact(Span<byte> text, int start, SanitizePass pass)
    {
        Span<Group> groups = stackalloc Group[MaxGroups];
        var count = Read(text, start, groups, out var end);
        if (count == 1 && groups[0].Length < CardNumber.MinDigits)
        {
            return end;
        }

        // A group that goes on as a word or as the fraction of a number is no part of what is looked for.
        var last = Bytes.IsAlphaNumericAt(text, end) || (end < text.Length && text[end] == '.' && Bytes.IsDigitAt(text, end + 1)) ? count - 1 : count;
        var i = start >= 2 && text[start - 1] == '.' && Bytes.IsDigit(text[start - 2]) ? 1 : 0;
        while (i < last)
        {
            var found = Match(text, groups[..last], i, out var rule);
            if (found == 0 || !pass.IsOn(rule))
            {
                i++;
                continue;
            }

            var from = groups[i].Start;
            pass.Redact(text[from..groups[i + found - 1].End], rule);
            i += found;
        }

        // A long run is gone through piece by piece; pieces overlap by more groups than a card number has.
        return count == MaxGroups ? groups[MaxGroups / 2].Start : end;
    }

    /// <summary>The length of a separator at a place: a space, a hyphen, their percent forms, a plus (a space in a form), a no-break space.</summary>
    public static int SeparatorLength(ReadOnlySpan<byte> text, int index, out int kind)
    {
        kind = (int)Separator.None;
        if (index >= text.Length)
        {
            return 0;
        }

        switch (text[index])
        {
            case (byte)' ':
                kind = (int)Separator.Space;
                return 1;
            case (byte)'-':
                kind = (int)Separator.Hyphen;
                return 1;
            case (byte)'+':
                kind = (int)Separator.Plus;
                return 1;
            case 0xC2 when index + 1 < text.Length && text[index + 1] == 0xA0:
                kind = (int)Separator.NoBreakSpace;
                return 2;
            case (byte)'%' when Bytes.Percent(text, index) is ' ' or '-':
                kind = Bytes.Percent(text, index) == ' ' ? (int)Separator.Space : (int)Separator.Hyphen;
                return 3;
            default:
                return 0;
        }
    }

    private static int Read(ReadOnlySpan<byte> text, int start, Span<Group> groups, out int end)
    {
        var count = 0;
        var i = start;
        var kind = 0;
        while (true)
        {
            var from = i;
            while (i < text.Length && Bytes.IsDigit(text[i]))
            {
                i++;
            }

            groups[count++] = new(from, i, kind);
            end = i;
            var separator = count < groups.Length ? SeparatorLength(text, i, out kind) : 0;
            if (separator == 0 || !Bytes.IsDigitAt(text, i + separator))
            {
                return count;
            }

            i += separator;
        }
    }

    // The number of groups that are a finding from group i on, or 0.
    private static int Match(ReadOnlySpan<byte> text, ReadOnlySpan<Group> groups, int i, out BuiltInRule rule)
    {
        rule = BuiltInRule.Ssn;
        if (IsSocialSecurityNumber(text, groups, i))
        {
            return 3;
        }

        rule = BuiltInRule.Card;
        Span<byte> digits = stackalloc byte[CardNumber.MaxDigits];
        var count = 0;
        var best = 0;
        for (var j = i; j < groups.Length && count + groups[j].Length <= CardNumber.MaxDigits; j++)
        {
            if (j > i && (groups[j].Separator != groups[i + 1].Separator || groups[j - 1].Length is < 2 or > 8 || groups[i].Length < 3))
            {
                break;
            }

            text[groups[j].Start..groups[j].End].CopyTo(digits[count..]);
            count += groups[j].Length;
            if (CardNumber.IsMatch(digits[..count]))
            {
                best = j - i + 1;
            }
        }

        return best;
    }

    // Area, group and serial as the Social Security Administration assigns them; nothing of the kind adjoins.
    private static bool IsSocialSecurityNumber(ReadOnlySpan<byte> text, ReadOnlySpan<Group> groups, int i)
    {
        if (i + 3 > groups.Length || groups[i].Length != 3 || groups[i + 1].Length != 2 || groups[i + 2].Length != 4
            || groups[i + 1].Separator != groups[i + 2].Separator)
        {
            return false;
        }

        var separator = groups[i + 1].Separator;
        var alone = separator != (int)Separator.Hyphen
            ? i == 0 && groups.Length == 3
            : (i == 0 || groups[i].Separator != separator) && (i + 3 == groups.Length || groups[i + 3].Separator != separator);
        var area = Value(text, groups[i]);
        return alone && area is not (0 or 666 or >= 900) && Value(text, groups[i + 1]) != 0 && Value(text, groups[i + 2]) != 0;
    }

    private static int Value(ReadOnlySpan<byte> text, Group group)
    {
        var value = 0;
        foreach (var digit in text[group.Start..group.End])
        {
            value = (value * 10) + digit - '0';
        }

        return value;
    }

    private readonly record struct Group(int Start, int End, int Separator)
    {
        public int Length => End - Start;
    }
}
