namespace SessionReplay.Pipeline.Sanitizing;

/// <summary>Finds card numbers and social security numbers in groups of digits of any script, with separators between the groups.</summary>
internal static class DigitRules
{
    private const int MaxGroups = 16;

    // One more than a card number has: such a group is not part of one.
    private const int MaxGroupDigits = CardNumber.MaxDigits + 1;

    // A number that is glued to letters is a finding when it has the length of nearly all cards; ids hold too many of other lengths.
    private const int MinGluedDigits = 15;
    private const int MaxGluedDigits = 16;

    private static readonly System.Buffers.SearchValues<byte> Separators = System.Buffers.SearchValues.Create(" \t+-./_&"u8);

    /// <summary>Redacts the numbers in the run of groups that begins at an index.</summary>
    /// <param name="text">The text.</param>
    /// <param name="start">The index of a digit with no digit before it.</param>
    /// <param name="pass">Takes the findings.</param>
    /// <returns>Where to go on.</returns>
    public static int Redact(Span<byte> text, int start, SanitizePass pass)
    {
        return ShortGroupEnd(text, start) is > 0 and var end ? end : RedactRun(text, start, pass);
    }

    // Most digits are few, and no separator follows them: the end of such a group, or 0.
    private static int ShortGroupEnd(ReadOnlySpan<byte> text, int start)
    {
        var end = start;
        while (Bytes.IsDigitAt(text, end))
        {
            end++;
        }

        return end == start || end - start >= CardNumber.MinDigits
            || (end < text.Length && (text[end] >= 0x80 || text[end] is (byte)'%' || Separators.Contains(text[end]))) ? 0 : end;
    }

    private static int RedactRun(Span<byte> text, int start, SanitizePass pass)
    {
        Span<Group> groups = stackalloc Group[MaxGroups];
        Span<byte> digits = stackalloc byte[MaxGroups * MaxGroupDigits];
        var count = Read(text, start, groups, digits, out var end);
        if (count == 1 && groups[0].Length < CardNumber.MinDigits)
        {
            return end;
        }

        var i = 0;
        while (i < count)
        {
            var found = Match(text, groups[..count], digits, i, out var rule);
            if (found == 0 || !pass.IsOn(rule))
            {
                i++;
                continue;
            }

            pass.Redact(text[groups[i].Start..groups[i + found - 1].End], rule);
            i += found;
        }

        // A long run is read piece by piece; pieces overlap by more groups than a card number has. An underscore may end the prefix of a
        // key.
        end = count == MaxGroups ? groups[MaxGroups / 2].Start : end;
        var underscore = text[groups[0].End..end].IndexOf((byte)'_');
        return underscore < 0 ? end : groups[0].End + underscore;
    }

    private static int Read(ReadOnlySpan<byte> text, int start, Span<Group> groups, Span<byte> digits, out int end)
    {
        var count = 0;
        var i = start;
        var kind = GroupSeparator.None;
        while (true)
        {
            var (from, length) = (i, 0);
            while (Digit.Read(text, i, out var value) is > 0 and var bytes)
            {
                if (length < MaxGroupDigits)
                {
                    digits[(count * MaxGroupDigits) + length++] = (byte)('0' + value);
                }

                i += bytes;
            }

            groups[count++] = new(from, i, length, kind);
            end = i;
            var separator = count < groups.Length ? GroupSeparators.Read(text, i, out kind) : 0;
            if (separator == 0 || Digit.Read(text, i + separator, out _) == 0)
            {
                return count;
            }

            i += separator;
        }
    }

    // The number of groups that are a finding from group i on, or 0.
    private static int Match(ReadOnlySpan<byte> text, ReadOnlySpan<Group> groups, ReadOnlySpan<byte> digits, int i, out BuiltInRule rule)
    {
        rule = BuiltInRule.Ssn;
        if (IsSocialSecurityNumber(text, groups, digits, i))
        {
            return 3;
        }

        rule = BuiltInRule.Card;
        Span<byte> number = stackalloc byte[CardNumber.MaxDigits];
        var (count, best) = (0, 0);
        for (var j = i; j < groups.Length && count + groups[j].Length <= CardNumber.MaxDigits; j++)
        {
            if (j > i && groups[j].Separator != groups[i + 1].Separator)
            {
                break;
            }

            Of(groups, digits, j).CopyTo(number[count..]);
            count += groups[j].Length;
            var candidate = groups[i..(j + 1)];
            if (count >= CardNumber.MinDigits && IsLaidOutAsCard(candidate) && StandsAlone(text, candidate, count)
                && CardNumber.IsMatch(number[..count]))
            {
                best = candidate.Length;
            }
        }

        return best;
    }

    // As cards and forms show numbers: 4-4-4-4 and its like with a shorter or longer last group, 4-6-5 and 4-6-4, halves, pairs. Numbers in
    // rows of other lengths are coordinates more often than cards.
    private static bool IsLaidOutAsCard(ReadOnlySpan<Group> groups)
    {
        if (groups.Length == 1)
        {
            return true;
        }

        var (first, last) = (groups[0].Length, groups[^1].Length);
        if (first == 4 && groups[1].Length == 6)
        {
            return groups.Length == 3 && last is 4 or 5;
        }

        foreach (var group in groups[1..^1])
        {
            if (group.Length != first)
            {
                return false;
            }
        }

        return groups[1].Separator == GroupSeparator.Dot
            ? first == 4 && last <= 4
            : (first is 4 && last <= 7) || (first is 2 or 5 or 6 or 8 && last <= Math.Max(first, 7)) || (first == 6 && groups.Length == 2);
    }

    // A part of a fraction, or of an id that mixes letters and digits, is none.
    private static bool StandsAlone(ReadOnlySpan<byte> text, ReadOnlySpan<Group> groups, int digits)
    {
        var (start, end) = (groups[0].Start, groups[^1].End);
        if (groups.Length == 1 && (IsFraction(text, start) || (Bytes.IsAt(text, end, '.') && Bytes.IsDigitAt(text, end + 1))))
        {
            return false;
        }

        var before = start;
        while (before > 0 && !Bytes.IsWordStart(text, before) && Bytes.IsLetter(text[before - 1]))
        {
            before--;
        }

        var after = end;
        while (Bytes.IsLetterAt(text, after))
        {
            after++;
        }

        var isGlued = before < start || after > end;
        return !isGlued
            || (digits is >= MinGluedDigits and <= MaxGluedDigits && Bytes.IsWordStart(text, before) && !Bytes.IsDigitAt(text, after));
    }

    private static bool IsFraction(ReadOnlySpan<byte> text, int start) =>
        Bytes.IsAt(text, start - 1, '.') && !Bytes.IsLetterAt(text, start - 2);

    // Area, group and serial as the Social Security Administration assigns them; nothing of the kind adjoins.
    private static bool IsSocialSecurityNumber(ReadOnlySpan<byte> text, ReadOnlySpan<Group> groups, ReadOnlySpan<byte> digits, int i)
    {
        if (i + 3 > groups.Length || groups[i].Length != 3 || groups[i + 1].Length != 2 || groups[i + 2].Length != 4
            || groups[i + 1].Separator != groups[i + 2].Separator || groups[i + 1].Separator == GroupSeparator.Dot
            || (i == 0 && !Bytes.IsWordStart(text, groups[i].Start)) || IsFraction(text, groups[i].Start)
            || Bytes.IsAlphaNumericAt(text, groups[i + 2].End)
            || (Bytes.IsAt(text, groups[i + 2].End, '.') && Bytes.IsDigitAt(text, groups[i + 2].End + 1)))
        {
            return false;
        }

        var separator = groups[i + 1].Separator;
        var alone = separator != GroupSeparator.Dash
            ? i == 0 && groups.Length == 3
            : (i == 0 || groups[i].Separator != separator) && (i + 3 == groups.Length || groups[i + 3].Separator != separator);
        var area = Value(Of(groups, digits, i));
        return alone && area is not (0 or 666 or >= 900) && Value(Of(groups, digits, i + 1)) != 0 && Value(Of(groups, digits, i + 2)) != 0;
    }

    private static ReadOnlySpan<byte> Of(ReadOnlySpan<Group> groups, ReadOnlySpan<byte> digits, int i) =>
        digits.Slice(i * MaxGroupDigits, groups[i].Length);

    private static int Value(ReadOnlySpan<byte> digits)
    {
        var value = 0;
        foreach (var digit in digits)
        {
            value = (value * 10) + digit - '0';
        }

        return value;
    }

    private readonly record struct Group(int Start, int End, int Length, GroupSeparator Separator);
}
