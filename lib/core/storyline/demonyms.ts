/** Peoples and what belongs to a place, under the name of the place: "Chinese exports" and "exports from China". */
export const demonyms: ReadonlyMap<string, string> = new Map(
  Object.entries({
    ...{ american: 'america', americans: 'america', british: 'britain', briton: 'britain', britons: 'britain' },
    ...{ chinese: 'china', japanese: 'japan', korean: 'korea', koreans: 'korea', asian: 'asia', asians: 'asia' },
    ...{ indian: 'india', indians: 'india', pakistani: 'pakistan', indonesian: 'indonesia', malaysian: 'malaysia' },
    ...{ european: 'europe', europeans: 'europe', eurozone: 'euro', german: 'germany', germans: 'germany' },
    ...{ french: 'france', italian: 'italy', italians: 'italy', spanish: 'spain', greek: 'greece', irish: 'ireland' },
    ...{ swiss: 'switzerland', dutch: 'netherlands', swedish: 'sweden', danish: 'denmark', norwegian: 'norway' },
    ...{ finnish: 'finland', polish: 'poland', austrian: 'austria', hungarian: 'hungary', scottish: 'scotland' },
    ...{ welsh: 'wales', russian: 'russia', russians: 'russia', ukrainian: 'ukraine', ukrainians: 'ukraine' },
    ...{
      turkish: 'turkey',
      israeli: 'israel',
      israelis: 'israel',
      palestinian: 'palestine',
      palestinians: 'palestine',
    },
    ...{ iranian: 'iran', iranians: 'iran', iraqi: 'iraq', syrian: 'syria', syrians: 'syria', lebanese: 'lebanon' },
    ...{ egyptian: 'egypt', saudi: 'saudi', saudis: 'saudi', yemeni: 'yemen', afghan: 'afghanistan' },
    ...{ african: 'africa', nigerian: 'nigeria', kenyan: 'kenya', sudanese: 'sudan', ethiopian: 'ethiopia' },
    ...{ canadian: 'canada', canadians: 'canada', mexican: 'mexico', brazilian: 'brazil', venezuelan: 'venezuela' },
    ...{
      colombian: 'colombia',
      cuban: 'cuba',
      australian: 'australia',
      australians: 'australia',
      argentine: 'argentina',
    },
    ...{ thai: 'thailand', vietnamese: 'vietnam', filipino: 'philippines', taiwanese: 'taiwan', kurdish: 'kurds' },
    ...{ californian: 'california', texan: 'texas', parisian: 'paris', londoners: 'london', londoner: 'london' },
  }),
);
