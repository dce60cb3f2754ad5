/*
description: "Le nom d'une région d'après son code HCP ; « Maroc » sans code, comme les valeurs nationales. Exemple : select nom_region('04')."
description_ar: "اسم الجهة حسب رمزها لدى المندوبية السامية للتخطيط. مثال: select nom_region('04')."
*/
create macro nom_region(code_region) as
case
    when code_region is null then 'Maroc'
    else coalesce(
        map {
            '01': 'Tanger-Tétouan-Al Hoceima', '02': 'Oriental', '03': 'Fès-Meknès', '04': 'Rabat-Salé-Kénitra',
            '05': 'Béni Mellal-Khénifra', '06': 'Casablanca-Settat', '07': 'Marrakech-Safi', '08': 'Drâa-Tafilalet',
            '09': 'Souss-Massa', '10': 'Guelmim-Oued Noun', '11': 'Laâyoune-Sakia El Hamra', '12': 'Dakhla-Oued Ed-Dahab'
        }[code_region],
        code_region
    )
end
